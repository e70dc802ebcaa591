//! Today: what waits for one person, what they are asked to decide, what they should know.

use super::row::{day, get, id};
use super::{NoticeView, RecentView};
use crate::records::{Label, Labels, stage_label};
use crate::{App, Ctx, Error, Organisation};
use sea_orm::QueryResult;
use wardkeep_register::Schema;
use wardkeep_store::{Reach, cells};
use wardkeep_types::{Date, Id, Moment, State};

/// A piece of work.
#[derive(Debug, Clone)]
pub struct WorkItem {
    /// The record.
    pub label: Label,
    /// Its register.
    pub schema: &'static Schema,
    /// Its stage as people read it.
    pub stage: String,
    /// Until when.
    pub due: Option<Date>,
    /// For whom it is done, when the person in charge is away.
    pub instead_of: Option<Id>,
}

/// How controls stand, as far as the reader may see them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateCounts {
    /// How many are in each state, in the order of [`State::ALL`].
    pub counts: [u64; 5],
    /// The newest evidence moment among them.
    pub as_of: Option<Moment>,
}

impl StateCounts {
    /// How many are in that state.
    pub fn of(&self, state: State) -> u64 {
        State::ALL.iter().position(|s| *s == state).map_or(0, |i| self.counts[i])
    }
    /// How many there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// A person's page.
#[derive(Debug, Clone, Default)]
pub struct TodayView {
    /// Overdue or due soon, and tasks without a day, by due day; own work and that of people they stand in for.
    pub work: Vec<WorkItem>,
    /// Whether there is more than is shown.
    pub more_work: bool,
    /// The next due day after those shown.
    pub next: Option<WorkItem>,
    /// Unread notices.
    pub notices: Vec<NoticeView>,
    /// What changed lately.
    pub recent: Vec<RecentView>,
    /// How controls stand; `None` when nothing was ever worked out.
    pub states: Option<StateCounts>,
    /// Names for ids that stand here.
    pub labels: Labels,
}

/// How many days ahead work is shown.
pub const AHEAD_DAYS: i64 = 14;
const MOST_WORK: usize = 30;

impl App {
    /// A person's page in six statements. `also` are records whose names the caller needs besides.
    pub async fn today(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        also: &[Id],
    ) -> Result<TodayView, Error> {
        let reaches = self.reaches(ctx, organisation);
        let mut view = TodayView::default();
        let mut raw_notices = Vec::new();
        if let Some(person) = ctx.person() {
            self.work_of(ctx, person, &reaches, &mut view).await?;
            raw_notices = self.raw_notices(person, true, 20).await?;
        }
        let recent = self.raw_recent(&reaches, 8).await?;
        view.states = self.control_states(&reaches).await?;
        let mut ids: Vec<Id> = also.to_vec();
        ids.extend(raw_notices.iter().flat_map(|n| [Some(n.record), n.actor]).flatten());
        ids.extend(recent.iter().filter_map(|r| r.actor));
        ids.extend(view.work.iter().filter_map(|w| w.instead_of));
        view.labels = self.labels(ctx, organisation, ids).await?;
        view.notices = raw_notices.iter().filter_map(|n| n.view(&view.labels)).collect();
        view.recent = recent.into_iter().map(|r| r.named(&view.labels)).collect();
        Ok(view)
    }
    /// Open records with a day, and open tasks, that the person answers for or stands in for.
    async fn work_of(
        &self,
        ctx: &Ctx,
        person: Id,
        reaches: &[(&'static str, Reach)],
        view: &mut TodayView,
    ) -> Result<(), Error> {
        let today = ctx.now.date();
        let mut values = cells![person, today, (MOST_WORK + 2) as i64];
        let seen = Reach::any_of(reaches, &mut values);
        // One list of owners, not two conditions: so that the index of owners is used.
        let sql = format!(
            "SELECT r.id, r.register, r.reference, r.title, r.stage, r.due_on, r.owner_id FROM record r WHERE r.is_open = 1 AND (r.due_on IS NOT NULL OR r.register = 'task') AND r.owner_id IN (SELECT p.id FROM record p WHERE p.id = $1 UNION ALL SELECT d.person_id FROM delegation d WHERE d.delegate_id = $1 AND d.ended_at IS NULL AND d.from_day <= $2 AND d.until_day >= $2) AND ({seen}) ORDER BY CASE WHEN r.due_on IS NULL THEN 1 ELSE 0 END, r.due_on, r.id LIMIT $3"
        );
        let rows = self.db.rows(&sql, values).await?;
        let horizon = today.plus_days(AHEAD_DAYS);
        for row in &rows {
            let Some(item) = work_item(row, person)? else { continue };
            if item.due.is_some_and(|due| due > horizon) {
                view.next.get_or_insert(item);
            } else if view.work.len() < MOST_WORK {
                view.work.push(item);
            } else {
                view.more_work = true;
            }
        }
        Ok(())
    }
    /// How the controls within reach stand by their newest results.
    pub(super) async fn control_states(
        &self,
        reaches: &[(&'static str, Reach)],
    ) -> Result<Option<StateCounts>, Error> {
        let Some(reach) = reaches.iter().find(|(register, _)| *register == "control") else {
            return Ok(None);
        };
        let mut values = cells![];
        let seen = Reach::any_of(std::slice::from_ref(reach), &mut values);
        let sql = format!(
            "SELECT c.state, count(*) AS k, max(c.as_of) AS as_of FROM control_result c JOIN record r ON r.id = c.control_id WHERE c.computed_at = (SELECT max(x.computed_at) FROM control_result x WHERE x.control_id = c.control_id) AND ({seen}) GROUP BY c.state"
        );
        let mut found = StateCounts::default();
        for row in self.db.rows(&sql, values).await? {
            let state: State = get::<String>(&row, "state")?.parse().map_err(Error::fault)?;
            let at = Moment::from_micros(get(&row, "as_of")?);
            if let Some(place) = State::ALL.iter().position(|s| *s == state) {
                found.counts[place] += get::<i64>(&row, "k")? as u64;
            }
            found.as_of = found.as_of.max(Some(at));
        }
        Ok((found.total() > 0).then_some(found))
    }
}

fn work_item(row: &QueryResult, person: Id) -> Result<Option<WorkItem>, Error> {
    let Some(schema) = wardkeep_registers::by_key(&get::<String>(row, "register")?) else { return Ok(None) };
    let reference: String = get(row, "reference")?;
    let path = format!("/{}/{reference}", schema.path);
    let stage: String = get(row, "stage")?;
    Ok(Some(WorkItem {
        label: Label { id: id(row, "id")?, reference, title: get(row, "title")?, path },
        schema,
        stage: stage_label(schema, &stage),
        due: day(row, "due_on")?,
        instead_of: super::row::id_maybe(row, "owner_id")?.filter(|owner| *owner != person),
    }))
}
