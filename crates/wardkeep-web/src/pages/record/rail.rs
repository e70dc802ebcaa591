//! The rail beside a record: what it rests on, what uses it, tasks, files, comments, who watches, who may open it.

use super::super::convert::{bytes, declared};
use super::super::reader::Reader;
use super::path_of;
use crate::parts::{ButtonView, LinkView, RailItem, RailKind, RailSection, Value, Weight, button};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::{NeighbourView, RecordView, ValueView};
use wardkeep_app::work::{AttachmentView, CommentView, Named};
use wardkeep_register::Schema;

/// Lines of a section before "All 48".
const MOST: usize = 5;

/// Everything beside a record. `now` is false when an older state is shown: then nothing can be done.
pub async fn read(
    reader: &Reader,
    schema: &'static Schema,
    view: &RecordView,
    now: bool,
) -> Result<Vec<RailSection>, Error> {
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let used = app.used_by(ctx, organisation, view.id).await?;
    let (tasks, used): (Vec<_>, Vec<_>) = used.into_iter().partition(|n| n.register == "task");
    let files = app.attachments(view.id).await?;
    let (comments, total) = app.comments(view.id, 20).await?;
    let watchers = app.watchers(view.id).await?;
    let rail = Rail { reader, schema, view, now };
    let mut sections = vec![rail.rests_on(), rail.neighbours(RailKind::UsedBy, &used), rail.tasks(&tasks)];
    if view.restricted || (schema.need_to_know && view.may_edit) {
        let named = app.need_to_know(view.id).await?;
        sections.push(rail.named(&named));
    }
    sections.extend([rail.files(&files), rail.comments(&comments, total), rail.watchers(&watchers)]);
    // What is empty and cannot be filled here only takes room.
    sections.retain(|s| !s.items.is_empty() || s.form.is_some() || s.act.is_some());
    Ok(sections)
}

struct Rail<'a> {
    reader: &'a Reader,
    schema: &'static Schema,
    view: &'a RecordView,
    now: bool,
}

impl Rail<'_> {
    fn path(&self, end: &str) -> String {
        format!("{}{end}", path_of(self.schema, self.view))
    }
    fn rests_on(&self) -> RailSection {
        let custom = self.reader.organisation.custom(self.schema.key);
        let mut items = Vec::new();
        for view in &self.view.fields {
            let Some(field) = declared(self.schema, custom, &view.name) else { continue };
            let person = matches!(field.kind.target(), Some("person" | "unit" | "team") | None);
            let ValueView::Links { seen, .. } = &view.shown else { continue };
            if person {
                continue;
            }
            items.extend(seen.iter().map(|label| {
                RailItem {
                    what: Value::Link(
                        LinkView::new(label.title.clone(), label.path.clone())
                            .with_reference(label.reference.clone()),
                    ),
                    sub: Some(field.label()),
                    ..RailItem::default()
                }
            }));
        }
        let count = (!items.is_empty()).then(|| items.len().to_string());
        items.truncate(MOST);
        RailSection { kind: RailKind::RestsOn, count, items, ..RailSection::default() }
    }
    fn neighbours(&self, kind: RailKind, found: &[NeighbourView]) -> RailSection {
        let item = |n: &NeighbourView| RailItem {
            what: Value::Link(
                LinkView::new(n.label.title.clone(), n.label.path.clone())
                    .with_reference(n.label.reference.clone()),
            ),
            aside: Value::text(n.stage.clone()),
            sub: (kind == RailKind::UsedBy)
                .then(|| format!("{}, {}", wardkeep_register::label_of(&n.register), n.field.to_lowercase())),
            said: None,
        };
        RailSection {
            kind,
            count: (!found.is_empty()).then(|| found.len().to_string()),
            items: found.iter().take(MOST).map(item).collect(),
            more: (found.len() > MOST).then(|| {
                LinkView::new(
                    fill("rail.all", &[("n", &found.len().to_string())]),
                    format!("/search?q={}", self.view.reference),
                )
            }),
            ..RailSection::default()
        }
    }
    fn tasks(&self, found: &[NeighbourView]) -> RailSection {
        let field = wardkeep_registers::by_key("task").and_then(|task| {
            task.fields.iter().find(|f| f.kind.target() == Some(self.schema.key) && f.name != "depends_on")
        });
        let add = field.filter(|_| self.now).map(|f| {
            let pair = (f.name.to_owned(), self.view.reference.clone());
            LinkView::new(
                words("rail.add_task"),
                super::super::address::Address::new("/tasks/new", &[pair]).to_string(),
            )
        });
        RailSection { act: add, ..self.neighbours(RailKind::Tasks, found) }
    }
    fn files(&self, files: &[AttachmentView]) -> RailSection {
        let item = |f: &AttachmentView| RailItem {
            what: Value::Link(LinkView::new(f.file.name.clone(), self.path(&format!("/files/{}", f.id)))),
            aside: Value::text(bytes(&self.reader.taste, f.file.size)),
            sub: Some(format!("{}, {}", f.by, self.reader.taste.moment_stamp(f.at).absolute)),
            said: None,
        };
        let form = (self.now && self.view.may_edit).then(|| {
            html! {
                details.more-form {
                    summary { (words("rail.add_file")) }
                    form method="post" action=(self.path("/files")) enctype="multipart/form-data" {
                        (self.token())
                        label.sr for="rail-file" { (words("rail.add_file")) }
                        input.input.full #rail-file type="file" name="file" required;
                        (button(&ButtonView::submit(words("rail.attach")).small()))
                    }
                }
            }
        });
        RailSection {
            kind: RailKind::Files,
            count: (!files.is_empty()).then(|| files.len().to_string()),
            items: files.iter().take(MOST * 2).map(item).collect(),
            form,
            ..RailSection::default()
        }
    }
    fn comments(&self, comments: &[CommentView], total: i64) -> RailSection {
        let item = |c: &CommentView| RailItem {
            what: Value::Html(html! { strong { (c.author) } }),
            aside: Value::Moment(self.reader.taste.moment_stamp(c.at)),
            sub: None,
            said: Some(c.body.clone()),
        };
        let form = (self.now && self.reader.ctx.person().is_some()).then(|| {
            html! {
                form.comment-form method="post" action=(self.path("/comments"))
                    data-draft={ (self.schema.path) "/" (self.view.reference) "/comment" } {
                    (self.token())
                    label.sr for="rail-comment" { (words("rail.comment")) }
                    textarea.input #rail-comment name="comment" rows="2" required placeholder=(words("rail.comment_hint")) {}
                    (button(&ButtonView::submit(words("rail.send")).small()))
                }
            }
        });
        RailSection {
            kind: RailKind::Comments,
            count: (total > 0).then(|| total.to_string()),
            items: comments.iter().map(item).collect(),
            form,
            ..RailSection::default()
        }
    }
    fn watchers(&self, watchers: &[Named]) -> RailSection {
        let me = self.reader.ctx.person();
        let watching = watchers.iter().any(|w| Some(w.id) == me);
        let form = (self.now && me.is_some()).then(|| {
            let mut fields = self.reader.hidden();
            fields.push(("on".to_owned(), if watching { "" } else { "yes" }.to_owned()));
            let label = if watching { words("rail.unwatch") } else { words("rail.watch") };
            button(&ButtonView::post(label, self.path("/watch"), fields).small())
        });
        RailSection {
            kind: RailKind::Watchers,
            items: people(watchers),
            count: None,
            form,
            ..RailSection::default()
        }
    }
    fn named(&self, named: &[Named]) -> RailSection {
        let act = |label: &str, end: &str, pairs: &[(&str, &str)]| {
            let mut fields = self.reader.hidden();
            fields.extend(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
            ButtonView::post(label, self.path(end), fields).small()
        };
        let may = self.now && self.view.may_edit;
        let form = may.then(|| html! {
            @if self.view.restricted {
                form.comment-form method="post" action=(self.path("/need-to-know")) {
                    (self.token())
                    label.sr for="rail-named" { (words("rail.name_person")) }
                    input.input.full #rail-named type="text" name="person" list="rail-named-list" autocomplete="off"
                        placeholder=(words("form.pick")) data-search="/api/v1/pick/person" required;
                    datalist #rail-named-list {}
                    (button(&ButtonView::submit(words("rail.name_person")).small()))
                }
                (button(&act(words("rail.open"), "/restrict", &[("on", "")]).weight(Weight::Quiet)))
            } @else {
                (button(&act(words("rail.restrict"), "/restrict", &[("on", "yes")])))
            }
        });
        let items = named.iter().filter(|_| self.view.restricted).map(|n| RailItem {
            what: Value::Link(LinkView::new(n.name.clone(), format!("/people/{}", n.reference))),
            aside: if may && named.len() > 1 {
                Value::Html(button(
                    &act(
                        words("rail.take_off"),
                        "/need-to-know",
                        &[("person", &n.reference), ("off", "yes")],
                    )
                    .weight(Weight::Quiet),
                ))
            } else {
                Value::Empty
            },
            ..RailItem::default()
        });
        RailSection { kind: RailKind::NeedToKnow, items: items.collect(), form, ..RailSection::default() }
    }
    fn token(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.reader.csrf); }
    }
}

fn people(named: &[Named]) -> Vec<RailItem> {
    let one = |n: &Named| RailItem {
        what: Value::Link(LinkView::new(n.name.clone(), format!("/people/{}", n.reference))),
        ..RailItem::default()
    };
    named.iter().take(MOST).map(one).collect()
}
