//! Risk in money: the portfolio, one risk, what-if, investments, runs. The same views as the pages.

use super::caller::{Caller, Sent, fine, object, text};
use super::problem::Trouble;
use crate::state::State;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use wardkeep_app::risk::views::InvestmentAsk;
use wardkeep_app::risk::{ImportAsk, LibraryAsk};
use wardkeep_app::{Error, Refusal};

/// `/risk`.
pub fn portfolio() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&[])?;
                view(&caller.app().risk_portfolio(&caller.ctx, &caller.organisation).await?)
            })
            .await
    })
}

/// `/risk/investments`.
pub fn investments() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&["once", "yearly", "staff_days", "tail"])?;
                let ask = InvestmentAsk {
                    once: amount(&caller, "once")?,
                    yearly: amount(&caller, "yearly")?,
                    staff_days: amount(&caller, "staff_days")?,
                    tail: caller.asked("tail") == Some("true"),
                };
                view(&caller.app().risk_investments(&caller.ctx, &caller.organisation, &ask).await?)
            })
            .await
    })
}

/// `/risk/estimates`.
pub fn estimates() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&[])?;
                view(&caller.app().risk_estimates(&caller.ctx, &caller.organisation).await?)
            })
            .await
    })
}

/// `/risk/matrix`.
pub fn matrix() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&["reference"])?;
                let wanted = caller.asked("reference");
                view(&caller.app().risk_matrix(&caller.ctx, &caller.organisation, wanted).await?)
            })
            .await
    })
}

/// `/risk/appetite`.
pub fn appetite() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&[])?;
                view(&caller.app().risk_appetite(&caller.ctx, &caller.organisation).await?)
            })
            .await
    })
}

/// `/risk/library`: the built-in scenarios; a copy of one, or of an own one, under a risk.
pub fn library() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&[])?;
                view(&caller.app().risk_library(&caller.ctx, &caller.organisation).await?)
            })
            .await
    })
    .post(async |sent: Sent| {
        let caller = &sent.caller;
        caller
            .answer(async {
                let members = object(&sent.body, &["from", "risk"])?;
                let need = |name: &str, what: &str| {
                    text(members, name)?.map(str::to_owned).ok_or_else(|| {
                        Trouble::from(Error::from(Refusal::invalid(name, "required", what.to_owned())))
                    })
                };
                let ask = LibraryAsk {
                    from: need(
                        "from",
                        "send the key of a built-in scenario, or the reference of an own one",
                    )?,
                    risk: need("risk", "send the reference of the risk that it spells out")?,
                };
                view(
                    &Box::pin(caller.app().risk_from_library(&caller.ctx, &caller.organisation, &ask))
                        .await?,
                )
            })
            .await
    })
}

/// `/risk/runs`: asks for a run, or with `confirm` lets the figures of a draft stand.
pub fn runs() -> MethodRouter<State> {
    post(async |sent: Sent| {
        let caller = &sent.caller;
        caller
            .answer(async {
                let members = object(&sent.body, &["confirm"])?;
                let (app, ctx, organisation) = (caller.app(), &caller.ctx, &caller.organisation);
                if let Some(hash) = text(members, "confirm")? {
                    Box::pin(app.risk_confirm(ctx, organisation, hash)).await?;
                    return Ok(fine(&json!({ "hash": hash, "published": true })));
                }
                let hash = Box::pin(app.risk_rerun_asked(ctx, organisation)).await?;
                let place = hash.as_ref().map(|hash| format!("{}/risk/runs/{hash}", super::PREFIX));
                Ok(fine(&json!({ "hash": hash, "self": place })))
            })
            .await
    })
}

/// `/risk/runs/{id}`: the whole run, or whether it can be worked out again.
pub fn run() -> MethodRouter<State> {
    get(async |caller: Caller, Path(hash): Path<String>| {
        caller
            .answer(async {
                caller.only(&["rerun"])?;
                let (app, ctx, organisation) = (caller.app(), &caller.ctx, &caller.organisation);
                if caller.asked("rerun") == Some("true") {
                    return view(&app.risk_verified(ctx, organisation, &hash).await?);
                }
                view(&app.risk_run_shown(ctx, organisation, &hash).await?)
            })
            .await
    })
}

/// `/risk/workbook`.
pub fn workbook() -> MethodRouter<State> {
    get(async |caller: Caller| {
        caller
            .answer(async {
                caller.only(&[])?;
                let (name, bytes) = caller.app().risk_workbook(&caller.ctx, &caller.organisation).await?;
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                let place = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
                    .map_err(Error::fault)?;
                let head = [
                    (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                    (header::CONTENT_DISPOSITION, place),
                ];
                Ok((head, bytes).into_response())
            })
            .await
    })
}

/// `/risk/imports`: another tool's model, judged; with a risk, kept as drafts.
pub fn imports() -> MethodRouter<State> {
    post(async |sent: Sent| {
        let caller = &sent.caller;
        caller
            .answer(async {
                let known = ["name", "content", "questions", "currency", "price_year", "risk"];
                let members = object(&sent.body, &known)?;
                let content = text(members, "content")?.ok_or_else(|| {
                    Refusal::invalid("content", "required", "send the file's text as content")
                })?;
                let ask = ImportAsk {
                    name: text(members, "name")?.unwrap_or("model").to_owned(),
                    content: content.to_owned(),
                    questions: text(members, "questions")?.map(str::to_owned),
                    currency: text(members, "currency")?.map(str::to_owned),
                    price_year: members.get("price_year").and_then(serde_json::Value::as_u64),
                    risk: text(members, "risk")?.map(str::to_owned),
                };
                view(&caller.app().risk_import(&caller.ctx, &caller.organisation, &ask).await?)
            })
            .await
    })
}

/// `/risks/{reference}/figures`.
pub fn figures() -> MethodRouter<State> {
    get(async |caller: Caller, Path(reference): Path<String>| {
        caller
            .answer(async {
                caller.only(&[])?;
                view(&caller.app().risk_shown(&caller.ctx, &caller.organisation, &reference).await?)
            })
            .await
    })
}

/// `/risks/{reference}/what-if`: every parameter is a slider and its position.
pub fn what_if() -> MethodRouter<State> {
    get(async |caller: Caller, Path(reference): Path<String>| {
        caller
            .answer(async {
                let mut positions = BTreeMap::new();
                for (name, value) in &caller.pairs {
                    let value: f64 = value.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
                        Refusal::invalid(name, "invalid", format!("{name} is a number, such as 91.5"))
                    })?;
                    positions.insert(name.clone(), value);
                }
                let (app, organisation) = (caller.app(), &caller.organisation);
                view(&app.risk_what_if(&caller.ctx, organisation, &reference, &positions).await?)
            })
            .await
    })
}

fn view(what: &impl Serialize) -> Result<Response, Trouble> {
    Ok(fine(&serde_json::to_value(what).map_err(Error::fault)?))
}

fn amount(caller: &Caller, name: &str) -> Result<Option<f64>, Trouble> {
    let read = |text: &str| {
        text.parse::<f64>()
            .ok()
            .filter(|v| v.is_finite() && *v >= 0.0)
            .ok_or_else(|| Refusal::invalid(name, "invalid", format!("{name} is a number of zero or more")))
    };
    Ok(caller.asked(name).map(read).transpose()?)
}
