//! Empty files to fill in: a header and a row that explains each column. An import passes over that row.

use super::writer::unwritable;
use crate::exchange::import::hint;
use crate::exchange::marks::{HELP, protected};
use crate::{App, Error};
use rust_xlsxwriter::{DataValidation, Format, Workbook};
use wardkeep_register::{Field, Kind, Schema};

/// The form of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateFormat {
    /// CSV, UTF-8 with a byte order mark.
    Csv,
    /// Workbook, with lists to choose from.
    Xlsx,
}

/// Rows of a template's sheet that offer choices.
const OFFERED: u32 = 5_000;
/// Most characters of a list of choices in a cell's validation.
const LIST_CHARACTERS: usize = 255;

impl App {
    /// An empty file for a register: its name and its bytes. Holds nothing but what the register is made of, so
    /// everybody who sees the register's page may have it.
    pub async fn template(
        &self,
        schema: &Schema,
        format: TemplateFormat,
    ) -> Result<(String, Vec<u8>), Error> {
        let organisation = self.organisation().await?;
        let fields = schema.fields.iter().chain(organisation.custom(schema.key)).filter(|f| !f.computed);
        let fields = fields.filter(|f| f.kind != Kind::File).copied().collect::<Vec<Field>>();
        let mut columns: Vec<(String, String, Option<Field>)> = vec![
            (
                "reference".into(),
                format!("{HELP} Leave empty to add a record; write its reference to change one."),
                None,
            ),
            ("unit".into(), "The unit it belongs to: reference or name.".into(), None),
        ];
        for field in fields {
            let must = if field.required { "Mandatory. " } else { "" };
            columns.push((field.name.into(), format!("{must}{} {}", field.help, hint(&field)), Some(field)));
        }
        let name = |extension| format!("{}-template.{extension}", schema.path);
        match format {
            TemplateFormat::Csv => Ok((name("csv"), table(&columns)?)),
            TemplateFormat::Xlsx => Ok((name("xlsx"), book(&columns)?)),
        }
    }
}

fn table(columns: &[(String, String, Option<Field>)]) -> Result<Vec<u8>, Error> {
    let mut out = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    out.write_record(columns.iter().map(|(title, ..)| title)).map_err(unwritable)?;
    out.write_record(columns.iter().map(|(_, help, _)| protected(help).into_owned())).map_err(unwritable)?;
    out.into_inner().map_err(unwritable)
}

fn book(columns: &[(String, String, Option<Field>)]) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Records").and_then(|s| s.set_freeze_panes(1, 0)).map_err(unwritable)?;
    let (bold, faint) = (Format::new().set_bold(), Format::new().set_italic().set_text_wrap());
    for (place, (title, help, field)) in columns.iter().enumerate() {
        let place = place as u16;
        sheet.set_column_width(place, 28).map_err(unwritable)?;
        sheet.write_string_with_format(0, place, title, &bold).map_err(unwritable)?;
        sheet.write_string_with_format(1, place, help, &faint).map_err(unwritable)?;
        let offered: Vec<&str> = match field.map(|f| f.kind) {
            Some(Kind::Choice(options)) => options.iter().map(|o| o.key).collect(),
            Some(Kind::Bool) => vec!["yes", "no"],
            _ => continue,
        };
        if offered.iter().map(|o| o.chars().count() + 1).sum::<usize>() <= LIST_CHARACTERS {
            let list = DataValidation::new().allow_list_strings(&offered).map_err(unwritable)?;
            sheet.add_data_validation(2, place, OFFERED, place, &list).map_err(unwritable)?;
        }
    }
    workbook.save_to_buffer().map_err(unwritable)
}
