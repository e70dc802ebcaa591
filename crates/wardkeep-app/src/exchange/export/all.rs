//! Everything out: each register as JSON lines, and the change log, for `wardkeep export`.

use super::run::{ExportAsk, ExportColumns, note};
use super::writer::{ExportFormat, unwritable};
use crate::records::Ask;
use crate::{App, Ctx, Error};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Target, decide};
use wardkeep_store::{Act, ChainExport, Values, Write, export_chain};
use wardkeep_types::Moment;

/// One register of a whole export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedRegister {
    /// Key of the register.
    pub register: String,
    /// File below the folder: `registers/risk.jsonl`.
    pub file: String,
    /// Records in it.
    pub rows: u64,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// What a whole export holds; written as `export.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedAll {
    /// `wardkeep-export-v1`.
    pub format: String,
    /// When it was made.
    pub made_at: Moment,
    /// The registers in menu order.
    pub registers: Vec<ExportedRegister>,
    /// The change log, in `changes/`; `wardkeep verify` checks it.
    pub changes: ChainExport,
}

impl App {
    /// Writes every register and the change log into `folder`, which is made when it is not there. Needs the right
    /// to export the change log as a whole; each register holds what the actor may export.
    pub async fn export_all(&self, ctx: &Ctx, folder: &Path) -> Result<ExportedAll, Error> {
        let organisation = self.organisation().await?;
        let log = Resource::Named(Named::AuditLog);
        for top in organisation.units.roots() {
            decide(&ctx.actor, &organisation.units, Verb::Export, log, &Target::of(top, None))?;
        }
        let registers = folder.join("registers");
        std::fs::create_dir_all(&registers).map_err(unwritable)?;
        let sort = Some("reference".to_owned());
        let ask = ExportAsk {
            ask: Ask { sort, ..Ask::default() },
            format: ExportFormat::Jsonl,
            columns: ExportColumns::Full,
        };
        let mut written = Vec::new();
        for schema in wardkeep_registers::all() {
            let path = registers.join(format!("{}.jsonl", schema.key));
            let out = std::fs::File::create(&path).map_err(unwritable)?;
            let (rows, _) = self.write_export(ctx, schema, &ask, out, None).await?;
            let file = format!("registers/{}.jsonl", schema.key);
            written.push(ExportedRegister {
                register: schema.key.to_owned(),
                file,
                rows,
                sha256: hash(&path)?,
            });
        }
        let rows: u64 = written.iter().map(|r| r.rows).sum();
        let fields = vec![note("rows", rows.into()), note("registers", written.len().into())];
        let act = Act { act: "export:all".into(), fields, ..Act::default() };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        let changes = export_chain(&self.db, &folder.join("changes"), Values::Kept, ctx.now).await?;
        let all = ExportedAll {
            format: "wardkeep-export-v1".into(),
            made_at: ctx.now,
            registers: written,
            changes,
        };
        let text = serde_json::to_vec_pretty(&all).map_err(unwritable)?;
        std::fs::write(folder.join("export.json"), text).map_err(unwritable)?;
        Ok(all)
    }
}

fn hash(path: &Path) -> Result<String, Error> {
    let mut file = std::fs::File::open(path).map_err(unwritable)?;
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut piece).map_err(unwritable)?;
        if read == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&piece[..read]);
    }
}
