//! Tables as people keep them: personnel list, inventory, training.

use super::super::organisation::UNITS;
use super::Made;
use super::scene::{DAY, Scene};
use crate::Error;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use std::fmt::Write as _;

fn unit_name(key: &str) -> &'static str {
    UNITS.iter().find(|u| u.key == key).map_or("", super::super::organisation::UnitPlan::title)
}

pub(super) fn files(scene: &Scene) -> Result<Vec<Made>, Error> {
    Ok(vec![
        Made::new("people/people.csv", "csv", people(scene)),
        Made::new("people/training.xlsx", "xlsx", training(scene)?),
        Made::new("assets/assets.csv", "csv", assets(scene)),
        Made::new("assets/brinkau-utf16.csv", "csv", brinkau(scene)),
    ])
}

/// UTF-8, commas: the personnel system's export.
fn people(scene: &Scene) -> String {
    let mut out = String::from("personnel_number,name,email,unit,employment,account_names\n");
    for person in &scene.people {
        let account = super::super::organisation::account(&person.name);
        let _ = writeln!(
            out,
            "{},{},{},{},employee,{account}",
            person.number,
            person.name,
            person.email,
            unit_name(person.unit)
        );
    }
    out
}

/// UTF-8, commas, quoted: the inventory of servers.
fn assets(scene: &Scene) -> String {
    let mut out = String::from("name,kind,environment,exposure,hostnames,addresses,product,serial_number\n");
    for thing in scene.estate.iter().filter(|t| t.address.is_some()).take(scene.many(150, 600)) {
        let cells = [
            &thing.name,
            thing.kind,
            thing.environment,
            thing.exposure,
            thing.host.as_deref().unwrap_or_default(),
            thing.address.as_deref().unwrap_or_default(),
            &thing.product,
            thing.serial.as_deref().unwrap_or_default(),
        ];
        out += &cells.map(|c| format!("\"{c}\"")).join(",");
        out.push('\n');
    }
    out
}

/// UTF-16 with semicolons, as an office program of the outpatient centre saves it.
fn brinkau(scene: &Scene) -> Vec<u8> {
    let mut text = String::from("Gerät;Seriennummer;Raum;Bemerkung\r\n");
    for (index, thing) in
        scene.estate.iter().filter(|t| t.unit == "brinkau" && t.serial.is_some()).enumerate()
    {
        let note = if index % 6 == 2 { "\"Leihgerät; zurück im Frühjahr\"" } else { "" };
        let _ = write!(
            text,
            "{};{};B {};{note}\r\n",
            thing.short(),
            thing.serial.as_deref().unwrap_or_default(),
            101 + index
        );
    }
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// A workbook: who finished the yearly course.
fn training(scene: &Scene) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    // The date of making would make every file different.
    let made = ExcelDateTime::from_ymd(2026, 1, 1).map_err(Error::fault)?;
    book.set_properties(
        &DocProperties::new()
            .set_title("Training (sample data)")
            .set_author("Lernpfad Akademie")
            .set_creation_datetime(&made),
    );
    let sheet = book.add_worksheet();
    for (column, title) in (0..).zip(["email", "course", "finished_on", "score"]) {
        sheet.write_string(0, column, title).map_err(Error::fault)?;
    }
    for (row, person) in (1..).zip(scene.people.iter().filter(|p| p.here)) {
        sheet.write_string(row, 0, &person.email).map_err(Error::fault)?;
        sheet.write_string(row, 1, "Security at work").map_err(Error::fault)?;
        if row % 14 != 3 {
            let day = scene.ago(DAY * (5 + i64::from(row) % 200)).date();
            sheet.write_string(row, 2, day.to_string()).map_err(Error::fault)?;
            sheet.write_number(row, 3, f64::from(60 + row * 7 % 41)).map_err(Error::fault)?;
        }
    }
    book.save_to_buffer().map_err(Error::fault)
}
