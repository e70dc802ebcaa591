//! Need-to-know: who may open a restricted record at all. The list is part of the record's history.

use super::watchers::Named;
use crate::records::Proposal;
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_register::{Schema, Verb};
use wardkeep_store::{Act, FieldEdit, cells};
use wardkeep_types::Id;

const ADD: &str = "INSERT INTO need_to_know (record_id, person_id) VALUES ($1, $2) ON CONFLICT (record_id, person_id) DO NOTHING";

impl App {
    /// Who is named on a record's list. That the reader may see the record is the caller's matter.
    pub async fn need_to_know(&self, record: Id) -> Result<Vec<Named>, Error> {
        self.named_people("need_to_know", record).await
    }
    /// Restricts a record to its list, or opens it again; needs Edit. Whoever restricts it and whoever answers
    /// for it stand on the list from the start, so that nobody locks out the work.
    pub async fn restrict(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        reference: &str,
        on: bool,
        why: &str,
    ) -> Result<(), Error> {
        let head = self.seen(ctx, organisation, schema, reference, Verb::Edit).await?;
        if !schema.need_to_know {
            return Err(Refusal::NotYet(format!("{} cannot be restricted", schema.names.many)).into());
        }
        if head.restricted == on {
            return Ok(());
        }
        let mut change =
            Proposal::change(schema, head.id, Some(head.version), crate::records::Edits::new()).because(why);
        change.restricted = Some(on);
        let named = ctx.person().into_iter().chain(head.owner).filter(|_| on);
        let acts = named.map(|person| named_act(schema, &head, person, true)).collect();
        self.write_with(ctx, vec![change], acts, vec![]).await?;
        Ok(())
    }
    /// Puts a person on a record's list, or takes them off; needs Edit. The last one stays.
    pub async fn name_person(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        reference: &str,
        person: Id,
        on: bool,
    ) -> Result<(), Error> {
        let head = self.seen(ctx, organisation, schema, reference, Verb::Edit).await?;
        let known = self.db.head(person).await?.filter(|h| h.register == "person");
        if known.is_none() {
            return Err(Refusal::invalid("person", "unknown_ref", "there is no such person").into());
        }
        let listed = self.need_to_know(head.id).await?;
        if listed.iter().any(|n| n.id == person) == on {
            return Ok(());
        }
        if !on && head.restricted && listed.len() == 1 {
            return Err(Refusal::NotYet(
                "somebody must be able to open this record; name another person first".into(),
            )
            .into());
        }
        self.write_with(ctx, vec![], vec![named_act(schema, &head, person, on)], vec![]).await?;
        Ok(())
    }
}

fn named_act(schema: &'static Schema, head: &wardkeep_store::HeadRow, person: Id, on: bool) -> Act {
    let (act, sql) = if on {
        ("need_to_know:add", ADD)
    } else {
        ("need_to_know:remove", "DELETE FROM need_to_know WHERE record_id = $1 AND person_id = $2")
    };
    let (old, new) = if on { (Json::Null, json!(person)) } else { (json!(person), Json::Null) };
    Act {
        act: act.into(),
        record: Some((head.id, schema.key)),
        unit: Some(head.unit),
        fields: vec![FieldEdit { field: "need_to_know".into(), old, new }],
        why: None,
        statements: vec![(sql.into(), cells![head.id, person])],
    }
}
