//! The page of a record: answer, fields by question, the rail.

use super::super::convert::{QUESTIONS, declared, entries, question, stage, value};
use super::super::frame::known_at;
use super::super::list::register;
use super::super::reader::Reader;
use super::{frame, path_of, rail};
use crate::parts::{
    AnswerView, ButtonView, FactView, FieldGroupView, FlashView, HeadView, Piece, Place, Sentence, TabView,
    TabsView, Tone, Urgency, Value, Weight, answer, field_groups, head, rail as rail_part, split, tabs,
    timeline,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::RecordView;
use wardkeep_register::{Schema, Stored, Verb, label_of};

/// Changes shown below the fields.
const LATEST: i64 = 4;

/// `GET /{path}/{reference}`.
pub async fn show(reader: Reader, Path((path, reference)): Path<(String, String)>) -> Response {
    reader.answer(page(&reader, &path, &reference)).await
}

async fn page(reader: &Reader, path: &str, reference: &str) -> Result<Response, Error> {
    let schema = register(path)?;
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let asked = reader.asked("known_at").filter(|t| !t.trim().is_empty());
    let known = match asked {
        Some(text) => Some(app.change_number(ctx, text).await?),
        None => None,
    };
    let (view, stored) = app.show(ctx, organisation, schema, reference, known).await?;
    let waiting = reader.state.auth.approvals_of(ctx, view.id).await?;
    let waiting: Vec<_> =
        waiting.into_iter().filter(|a| a.decided.is_none() && a.expires_at > ctx.now).collect();
    let side = rail::read(reader, schema, &view, known.is_none()).await?;
    let latest = app.latest_changes(ctx, organisation, view.id, LATEST, view.may_edit).await?;
    let shown = Shown { reader, schema, view: &view, stored: &stored };
    let panel = super::super::extras::panel(reader, &view).await?;
    let main = html! {
        (head(&shown.head()))
        (tabs(&detail_tabs(schema, &view, 0)))
        (shown.answer(&waiting))
        (split(
            html! {
                (panel)
                (field_groups(&shown.groups()))
                @if let Some(left) = shown.left_empty() { p.quiet.small { (left) } }
                @if !latest.is_empty() && known.is_none() {
                    section.latest {
                        h2 { (words("record.latest")) }
                        (timeline(&entries(reader, &latest, false)))
                        p.small { a href={ (path_of(schema, &view)) "/history" } { (words("record.all_changes")) } }
                    }
                }
            },
            rail_part(&side),
        ))
    };
    let mut frame = frame(schema, &view.reference, &view.title, None)
        .flash(flash(reader, schema, &view))
        .live(known.is_none());
    if let Some(asked) = asked {
        frame = frame.as_of(known_at(reader, asked), true);
    }
    Ok(reader.page(frame, main))
}

/// The tabs of a record: its page and its history.
pub fn detail_tabs(schema: &Schema, view: &RecordView, current: usize) -> TabsView {
    let path = path_of(schema, view);
    let tab = |name: &str, href: String, n: usize, count: Option<String>| TabView {
        name: name.to_owned(),
        href,
        count,
        current: n == current,
    };
    TabsView {
        label: words("record.parts").to_owned(),
        tabs: vec![
            tab(words("record.overview"), path.clone(), 0, None),
            tab(words("record.history"), format!("{path}/history"), 1, Some(view.version.to_string())),
        ],
        extra: None,
    }
}

struct Shown<'a> {
    reader: &'a Reader,
    schema: &'static Schema,
    view: &'a RecordView,
    stored: &'a Stored,
}

impl Shown<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let view = self.view.fields.iter().find(|f| f.name == name)?;
        let field = declared(self.schema, self.reader.organisation.custom(self.schema.key), name)?;
        Some(value(&self.reader.taste, field, view, self.view.open))
    }
    fn head(&self) -> HeadView {
        let mut facts = vec![stage(self.schema, &self.view.stage, &self.view.stage_label)];
        if self.view.restricted {
            facts.push(Value::Tags(vec![words("list.restricted").to_owned()]));
        }
        if let Some(Value::Link(owner)) = self.field("owner") {
            facts.push(Value::Sentence(Sentence::new(words("record.owned_by")).link(owner.text, owner.href)));
        }
        if let Some(due) = self.schema.due_index().map(|i| &self.schema.fields[i])
            && let Some(value @ Value::Due(..)) = self.field(due.name)
        {
            let label = due.label().to_lowercase();
            facts.push(Value::Html(html! { (label) " " (crate::parts::show(&value, Place::Field)) }));
        }
        facts.push(Value::text(self.view.unit.1.clone()));
        HeadView {
            reference: Some(self.view.reference.clone()),
            title: self.view.title.clone(),
            count: None,
            facts,
            verbs: self.verbs(),
        }
    }
    /// Moves that can be made now, and Edit. A move that asks for words opens a page for them.
    fn verbs(&self) -> Vec<ButtonView> {
        let path = path_of(self.schema, self.view);
        let mut verbs = Vec::new();
        let ends = |name: &str| {
            self.schema.movement(name, &self.view.stage).is_some_and(|m| m.needs == Verb::Retire)
        };
        for step in self.view.moves.iter().filter(|m| m.refused.is_none()) {
            let label = super::moves::label(self.schema, step);
            let mut button = if step.with_reason || step.second_person {
                ButtonView::sheet(label, format!("{path}/moves/{}", step.name))
            } else {
                let mut fields = self.reader.hidden();
                fields.extend([
                    ("move".to_owned(), step.name.clone()),
                    ("version".to_owned(), self.view.version.to_string()),
                ]);
                ButtonView::post(label, format!("{path}/moves"), fields)
            };
            if ends(&step.name) {
                button = button.weight(Weight::Danger);
            } else if verbs.is_empty() {
                button = button.main();
            }
            verbs.push(button);
        }
        verbs.sort_by_key(|b| b.weight == Weight::Danger);
        if self.view.may_edit {
            let edit = ButtonView::link(words("record.edit"), format!("{path}/edit")).key("e");
            let first = verbs.first().is_some_and(|b| b.weight == Weight::Main);
            verbs.insert(usize::from(first), if first { edit } else { edit.main() });
        }
        verbs
    }
    /// Where the record stands and what it needs before it can go on.
    fn answer(&self, waiting: &[wardkeep_app::auth::Approval]) -> Markup {
        let mut text = Sentence::default();
        let mut tone = Tone::Plain;
        if let Some(due) = self.schema.due_index().map(|i| &self.schema.fields[i])
            && let Some(Value::Due(stamp, urgency)) = self.field(due.name)
            && urgency != Urgency::Calm
        {
            let values =
                [("field", due.label()), ("day", stamp.absolute.clone()), ("when", stamp.relative.clone())];
            let values = values.each_ref().map(|(n, v)| (*n, v.as_str()));
            tone = if urgency == Urgency::Late { Tone::Bad } else { Tone::Warn };
            text = text.and(if urgency == Urgency::Late {
                fill("record.late", &values)
            } else {
                fill("record.soon", &values)
            });
        }
        for one in waiting {
            let label = label_of(one.ask.act.strip_prefix("move:").unwrap_or(&one.ask.act)).to_lowercase();
            let until = self.reader.taste.moment_stamp(one.expires_at).absolute;
            tone = if tone == Tone::Plain { Tone::Warn } else { tone };
            let said = fill("record.waits", &[("move", &label), ("until", &until)]);
            text = text.link(said, format!("/approvals/{}", one.id)).and(" ");
        }
        let blocked = self.view.moves.iter().filter_map(|m| Some((m, m.refused.as_ref()?)));
        for (step, why) in blocked.take(2) {
            text = text.and(fill("record.blocked", &[("move", &step.label), ("why", why)]));
        }
        if text.0.iter().all(|p| matches!(p, Piece::Words(w) if w.is_empty())) {
            return html! {};
        }
        answer(&AnswerView { tone, text, next: Vec::new() })
    }
    fn groups(&self) -> Vec<FieldGroupView> {
        let custom = self.reader.organisation.custom(self.schema.key);
        let mut groups = Vec::new();
        for each in QUESTIONS {
            let mut facts = Vec::new();
            for view in &self.view.fields {
                let Some(field) = declared(self.schema, custom, &view.name) else { continue };
                let shown = value(&self.reader.taste, field, view, self.view.open);
                if field.question() != each || field.title || shown.is_empty() {
                    continue;
                }
                let help = Some(field.help.to_owned()).filter(|h| !h.is_empty());
                facts.push(FactView {
                    label: field.label(),
                    help,
                    value: shown,
                    sub: self.computed_sub(field),
                });
            }
            if !facts.is_empty() {
                groups.push(FieldGroupView { title: question(each).to_owned(), facts });
            }
        }
        groups
    }
    /// Figures that the program works out say as of when.
    fn computed_sub(&self, field: &wardkeep_register::Field) -> Option<String> {
        let index = self.schema.field(field.name)?.0;
        let empty = self.stored.row.values.get(index).is_none_or(wardkeep_register::Value::is_empty);
        (field.computed && !empty && field.name != "assessed_at").then(|| {
            let at =
                self.schema.field("assessed_at").and_then(|(i, _)| match self.stored.row.values.get(i) {
                    Some(wardkeep_register::Value::Moment(at)) => Some(*at),
                    _ => None,
                });
            let stamp = self.reader.taste.moment_stamp(at.unwrap_or(self.view.changed_at));
            fill("record.computed", &[("moment", &stamp.absolute)])
        })
    }
    /// Fields that nobody filled in, in one quiet line instead of a column of dashes.
    fn left_empty(&self) -> Option<String> {
        let custom = self.reader.organisation.custom(self.schema.key);
        let empty = self.view.fields.iter().filter_map(|view| {
            let field = declared(self.schema, custom, &view.name)?;
            value(&self.reader.taste, field, view, self.view.open).is_empty().then(|| field.label())
        });
        let names: Vec<String> = empty.collect();
        (!names.is_empty()).then(|| fill("record.left_empty", &[("fields", &names.join(", "))]))
    }
}

/// What the last act did, by a key in the address.
fn flash(reader: &Reader, schema: &Schema, view: &RecordView) -> Option<FlashView> {
    let one = schema.names.one;
    let text = match reader.asked("flash")? {
        "added" => fill("flash.added", &[("one", one), ("reference", &view.reference)]),
        "saved" => words("flash.saved").to_owned(),
        "same" => words("flash.same").to_owned(),
        "moved" => fill("flash.moved", &[("stage", &view.stage_label)]),
        "asked" => words("flash.asked").to_owned(),
        "commented" => words("flash.commented").to_owned(),
        "watching" => words("flash.watching").to_owned(),
        "unwatched" => words("flash.unwatched").to_owned(),
        "attached" => words("flash.attached").to_owned(),
        "restricted" => words("flash.restricted").to_owned(),
        "opened" => words("flash.opened").to_owned(),
        "named" => words("flash.named").to_owned(),
        _ => return None,
    };
    Some(FlashView { tone: Tone::Good, text: Sentence::new(text), act: None })
}
