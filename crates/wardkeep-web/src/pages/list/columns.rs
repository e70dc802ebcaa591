//! Which columns a list shows: chosen in a panel, kept in the address.

use super::super::address::Address;
use super::super::reader::Reader;
use crate::parts::{ButtonView, Weight, buttons};
use crate::words::words;
use maud::{Markup, html};
use wardkeep_app::records::ListView;
use wardkeep_register::Schema;

/// Several `columns=` of a form as the one that a list reads.
pub fn joined(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let chosen: Vec<&str> =
        pairs.iter().filter(|(n, v)| n == "columns" && !v.is_empty()).map(|(_, v)| v.as_str()).collect();
    let mut rest: Vec<(String, String)> = pairs.iter().filter(|(n, _)| n != "columns").cloned().collect();
    if !chosen.is_empty() {
        rest.push(("columns".to_owned(), chosen.join(",")));
    }
    rest
}

/// The panel: a box for each field.
pub fn panel(reader: &Reader, schema: &Schema, list: &ListView, address: &Address) -> Markup {
    let custom = reader.organisation.custom(schema.key);
    let plain = address.clone().without(&["panel", "columns", "after"]);
    html! {
        form.panel-box.section method="get" action={ "/" (schema.path) } {
            @for (name, value) in plain.pairs() { input type="hidden" name=(name) value=(value); }
            fieldset.field {
                legend { (words("list.columns_choose")) }
                div.checks.columns {
                    @for (n, field) in schema.fields.iter().chain(custom).filter(|f| !f.title).enumerate() {
                        label.check for={ "column-" (n) } {
                            input id={ "column-" (n) } type="checkbox" name="columns" value=(field.name)
                                checked[list.columns.iter().any(|c| c == field.name)];
                            span { (field.label()) }
                        }
                    }
                }
            }
            div.acts { (buttons(&[
                ButtonView::submit(words("list.columns_show")).main(),
                ButtonView::link(words("form.cancel"), address.clone().without(&["panel"])).weight(Weight::Quiet),
            ])) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn boxes_become_one_list() {
        let pairs = [("columns", "owner"), ("q", "x"), ("columns", "due,stage"), ("columns", "")];
        let pairs = pairs.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let expect = [("q", "x"), ("columns", "owner,due,stage")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(joined(&pairs), expect);
        assert_eq!(joined(&pairs[1..2]), pairs[1..2]);
    }
}
