//! An organisation of 40 units with very many assets, written through the normal write path.

use crate::open::Installation;
use crate::progress;
use wardkeep_app::records::{Edits, Proposal};
use wardkeep_app::{App, Ctx};
use wardkeep_register::{Schema, Value};
use wardkeep_store::cells;
use wardkeep_types::{Date, Id};

/// Units below the top one.
const UNITS: usize = 40;
/// Rows of one transaction.
const BATCH: usize = 2_000;
/// Sorts of asset that are dealt out.
const KINDS: [&str; 4] = ["hardware", "software", "data_set", "cloud_account"];
const WORDS: [&str; 12] = [
    "mail",
    "gateway",
    "laboratory",
    "archive",
    "ledger",
    "portal",
    "imaging",
    "backup",
    "payroll",
    "directory",
    "ward",
    "theatre",
];

/// What was made, or found.
pub struct Filled {
    /// The units below the top one.
    pub units: Vec<Id>,
    /// Somebody without an account.
    pub person: Id,
    /// Seconds that it took; nothing when all was there.
    pub seconds: f64,
}

fn edits(schema: &Schema, pairs: &[(&str, &str)]) -> anyhow::Result<Edits> {
    let mut all = Edits::new();
    for (name, text) in pairs {
        let (_, field) = schema.field(name).ok_or_else(|| anyhow::anyhow!("{} has no {name}", schema.key))?;
        let value = Value::parse(field, text).map_err(|e| anyhow::anyhow!("{name}: {}", e.0))?;
        all.insert((*name).to_owned(), value);
    }
    Ok(all)
}

/// Makes the organisation, where there is none.
pub async fn organisation(here: &Installation) -> anyhow::Result<()> {
    units(&here.app, &here.ctx("bench")).await.map(|_| ())
}

/// Makes what is missing up to so many assets.
pub async fn fill(here: &Installation, rows: usize, quiet: bool) -> anyhow::Result<Filled> {
    let ctx = here.ctx("bench");
    let (app, begun) = (&here.app, here.app.clock.now());
    let units = units(app, &ctx).await?;
    let person = person(app, &ctx, units[0]).await?;
    let row = app.db.row("SELECT count(*) AS n FROM asset", cells![]).await?;
    let there: i64 = row.map_or(Ok(0), |r| r.try_get("", "n"))?;
    let display = progress::display(quiet);
    display.phase(&format!("Writing {rows} assets"));
    let schema = App::schema("asset")?;
    let mut at = there as usize;
    while at < rows {
        let to = (at + BATCH).min(rows);
        let batch: Vec<Proposal> =
            (at..to).map(|n| asset(schema, &ctx, &units, n)).collect::<Result<_, _>>()?;
        app.write_batch(&ctx, batch, vec![]).await?;
        at = to;
        if at.is_multiple_of(50_000) {
            display.phase(&format!("{at} of {rows} assets"));
        }
    }
    let seconds = if (there as usize) < rows {
        (app.clock.now().as_micros() - begun.as_micros()) as f64 / 1e6
    } else {
        0.0
    };
    Ok(Filled { units, person, seconds })
}

async fn units(app: &App, ctx: &Ctx) -> anyhow::Result<Vec<Id>> {
    let sql = "SELECT id FROM record WHERE register = 'unit' ORDER BY seq";
    let known = app.db.rows(sql, cells![]).await?;
    let known: Vec<Id> = known
        .iter()
        .map(|r| r.try_get::<uuid::Uuid>("", "id").map(Id::from_uuid))
        .collect::<Result<_, _>>()?;
    if known.len() > UNITS {
        return Ok(known[1..=UNITS].to_vec());
    }
    let schema = App::schema("unit")?;
    let root = Id::new(ctx.now);
    let plain = [("time_zone", "Europe/Berlin"), ("currency", "EUR")];
    let top = edits(schema, &[&plain[..], &[("name", "Bench"), ("kind", "organisation")]].concat())?;
    app.write_one(ctx, Proposal::add(schema, root, root, top)).await?;
    let mut made = Vec::new();
    for n in 0..UNITS {
        let (id, name, parent) = (Id::new(ctx.now), format!("Site {n:02}"), root.to_string());
        let pairs = [&plain[..], &[("name", name.as_str()), ("kind", "site"), ("parent", &parent)]].concat();
        app.write_one(ctx, Proposal::add(schema, id, root, edits(schema, &pairs)?)).await?;
        made.push(id);
    }
    Ok(made)
}

async fn person(app: &App, ctx: &Ctx, unit: Id) -> anyhow::Result<Id> {
    let schema = App::schema("person")?;
    let id = Id::new(ctx.now);
    let mail = format!("bench-{}@example.org", id.to_string().replace('-', ""));
    let pairs = [("name", "Ada Bench"), ("email", mail.as_str()), ("employment", "employee")];
    app.write_one(ctx, Proposal::add(schema, id, unit, edits(schema, &pairs)?)).await?;
    app.write_one(ctx, Proposal::movement(schema, id, None, "start")).await?;
    Ok(id)
}

fn asset(schema: &'static Schema, ctx: &Ctx, units: &[Id], n: usize) -> anyhow::Result<Proposal> {
    // Numbers that look dealt out, and are the same on every machine.
    let dealt = |salt: usize, of: usize| n.wrapping_mul(2_654_435_761).wrapping_add(salt * 40_503) / 64 % of;
    let (word, other) = (WORDS[dealt(1, WORDS.len())], WORDS[dealt(2, WORDS.len())]);
    let day: Date = ctx.now.date().plus_days(dealt(3, 700) as i64 - 350);
    let (name, host, day) =
        (format!("{word} {other} {n:07}"), format!("h{n:07}.example.org"), day.to_string());
    let mut pairs =
        vec![("name", name.as_str()), ("kind", KINDS[dealt(4, KINDS.len())]), ("hostnames", &host)];
    for field in schema.fields.iter().filter(|f| f.required && !f.computed) {
        if let wardkeep_register::Kind::Choice(options) = field.kind
            && !pairs.iter().any(|(known, _)| *known == field.name)
        {
            pairs.push((field.name, options[dealt(5, options.len())].key));
        }
    }
    if let Some(field) = schema.fields.iter().find(|f| f.due) {
        pairs.push((field.name, &day));
    }
    Ok(Proposal::add(schema, Id::new(ctx.now), units[n % units.len()], edits(schema, &pairs)?))
}
