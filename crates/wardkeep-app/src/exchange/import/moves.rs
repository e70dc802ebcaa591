//! The moves that bring a record to the stage that a file names.

use crate::{Ctx, Organisation};
use std::collections::{HashMap, VecDeque};
use wardkeep_register::{Field, GuardContext, MoveSchema, Row, Schema};
use wardkeep_rights::{ActorKind, Resource, Target, decide};

/// Who moves what.
pub(super) struct Mover<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) organisation: &'a Organisation,
    pub(super) schema: &'a Schema,
    pub(super) custom: &'a [Field],
}

impl Mover<'_> {
    /// The shortest way from one stage to another that the actor may go with that row, or why there is none. A move
    /// that needs a second person is never made by an import.
    pub(super) fn way(
        &self,
        from: &str,
        to: &str,
        row: &Row,
        target: &Target,
    ) -> Result<Vec<String>, String> {
        self.search(from, to, |step, at| self.refused(step, at, row, target).is_none()).ok_or_else(|| {
            let Some(free) = self.search(from, to, |_, _| true) else {
                return format!("no moves lead from '{}' to '{}'", self.label(from), self.label(to));
            };
            let mut at = from.to_owned();
            for name in free {
                let Some(step) = self.schema.movement(&name, &at) else { break };
                if let Some(why) = self.refused(step, &at, row, target) {
                    return format!("'{}': {why}", step.label());
                }
                step.to.clone_into(&mut at);
            }
            format!("'{}' cannot be reached by an import", self.label(to))
        })
    }

    fn search(&self, from: &str, to: &str, open: impl Fn(&MoveSchema, &str) -> bool) -> Option<Vec<String>> {
        let mut came: HashMap<&str, Option<(&str, &str)>> = HashMap::from([(from, None)]);
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if at == to {
                let mut way = Vec::new();
                let mut here = at;
                while let Some(Some((before, name))) = came.get(here) {
                    way.push((*name).to_owned());
                    here = before;
                }
                way.reverse();
                return Some(way);
            }
            for step in self.schema.moves.iter().filter(|m| m.from.contains(&at)) {
                if !came.contains_key(step.to) && open(step, at) {
                    came.insert(step.to, Some((at, step.name)));
                    queue.push_back(step.to);
                }
            }
        }
        None
    }

    fn refused(&self, step: &MoveSchema, at: &str, row: &Row, target: &Target) -> Option<String> {
        if step.second_person {
            return Some("a second person must agree, so it is not part of an import".into());
        }
        if self.ctx.actor.kind != ActorKind::System {
            let asked = decide(
                &self.ctx.actor,
                &self.organisation.units,
                step.needs,
                Resource::of(self.schema),
                target,
            );
            if let Err(denied) = asked {
                return Some(denied.sentence);
            }
        }
        let guard = GuardContext { now: self.ctx.now, actor: self.ctx.person() };
        if let Err(refused) = step.allows(at, row, &guard) {
            return Some(refused.0);
        }
        let fits = self.schema.check(row.clone(), step.to, self.custom);
        fits.err().map(|problems| problems.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join("; "))
    }

    fn label(&self, stage: &str) -> String {
        crate::records::stage_label(self.schema, stage)
    }
}
