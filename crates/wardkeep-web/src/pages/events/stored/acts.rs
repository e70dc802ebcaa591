//! What is done from the page.

use super::super::super::posted::Posted;
use super::super::super::reader::{Reader, go};
use super::{PATH, page};
use axum::http::StatusCode;
use axum::response::Response;
use wardkeep_app::events::NewHold;
use wardkeep_app::{Error, Refusal};
use wardkeep_types::{Date, Moment};

/// `POST /events/stored`: asks for a round of care.
pub async fn act(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            reader.state.app.ask_event_care(&reader.ctx).await?;
            Ok(go(format!("{PATH}?flash=care")))
        })
        .await
}

/// `POST /events/stored/limit`.
pub async fn retain(posted: Posted) -> Response {
    let days = match posted.text("days").trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            Error::from(Refusal::invalid(
                "days",
                "no_number",
                "give a number of days, or nothing to keep them",
            ))
        }),
    };
    let reader = &posted.reader;
    reader
        .answer(async {
            let done = match days {
                Ok(days) => reader.state.app.retain_events(&reader.ctx, posted.text("kind"), days).await,
                Err(error) => Err(error),
            };
            ended(reader, &posted, done, "limited", "limits").await
        })
        .await
}

/// `POST /events/stored/hold`.
pub async fn hold(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let done = match new_hold(&posted) {
                Ok(new) => reader.state.app.hold_events(&reader.ctx, &new).await.map(|_| ()),
                Err(error) => Err(error),
            };
            ended(reader, &posted, done, "held", "holds").await
        })
        .await
}

fn new_hold(posted: &Posted) -> Result<NewHold, Error> {
    let day = |name: &str| match posted.text(name).trim() {
        "" => Ok(None),
        text => text
            .parse::<Date>()
            .map(Some)
            .map_err(|_| Error::from(Refusal::invalid(name, "no_day", "give a day, such as 2026-03-31"))),
    };
    // The last day belongs to the period.
    let end = |day: Date| Moment::from_micros(day.plus_days(1).start().as_micros() - 1);
    Ok(NewHold {
        dialect: posted.text("held_kind").to_owned(),
        from: day("from")?.map(Date::start),
        to: day("to")?.map(end),
        reason: posted.text("reason").to_owned(),
        review_on: day("review_on")?,
    })
}

/// `POST /events/stored/release`.
pub async fn release(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let hold = posted.text("hold").parse().map_err(|_| Refusal::NotFound)?;
            let done = reader.state.app.release_events(&reader.ctx, hold, posted.text("ended_why")).await;
            ended(reader, &posted, done, "released", "holds").await
        })
        .await
}

/// Back to the page: with what was done, or with what must be mended beside its field.
async fn ended(
    reader: &Reader,
    posted: &Posted,
    done: Result<(), Error>,
    flash: &str,
    part: &str,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(go(format!("{PATH}?flash={flash}#{part}"))),
        Err(Error::Refusal(Refusal::Invalid(problems))) => {
            let mut response = page(reader, &posted.pairs, &problems).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(other) => Err(other),
    }
}
