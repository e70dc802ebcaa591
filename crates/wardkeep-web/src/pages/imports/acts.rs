//! What one does to an import: choose rows, apply, stop, undo; and the files around it.

use super::super::address::Address;
use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::may_import;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use wardkeep_app::exchange::{ImportAct, ImportHead, TemplateFormat};
use wardkeep_app::{Error, Refusal};

/// `POST /imports/{id}`: one verb.
pub(super) async fn act(Path(id): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let import = super::find(reader, &id).await?;
            let place = format!("/imports/{}", import.id);
            let (app, ctx) = (&reader.state.app, &reader.ctx);
            match posted.text("verb") {
                "choose" => {
                    choose(reader, &import, &posted).await?;
                    let kept = posted.pairs.iter().filter(|(n, _)| matches!(n.as_str(), "outcome" | "after"));
                    let kept: Vec<_> = kept.cloned().collect();
                    return Ok(go(Address::new(place, &kept).with("flash", "kept")));
                }
                "apply" => {
                    // What stands on the page goes in as it stands, whether or not it was kept before.
                    choose(reader, &import, &posted).await?;
                    let all_or_nothing = posted.text("whole") == "yes";
                    app.ask_import(ctx, import.id, ImportAct::Apply { all_or_nothing }).await?;
                }
                "discard" => {
                    app.discard_import(ctx, import.id).await?;
                    return Ok(go("/imports"));
                }
                "undo" => app.ask_import(ctx, import.id, ImportAct::Undo).await?,
                "stop" => {
                    if !app.import_verbs(ctx, &import).await?.0 {
                        return Err(Refusal::NotFound.into());
                    }
                    if let Some(job) = app.import_job(ctx, import.id).await? {
                        app.db.cancel_job(job.id, ctx.now).await?;
                    }
                }
                _ => return Err(Refusal::NotFound.into()),
            }
            super::work(reader);
            Ok(go(place))
        })
        .await
}

/// Takes and leaves out rows as the form says.
async fn choose(reader: &Reader, import: &ImportHead, posted: &Posted) -> Result<(), Error> {
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for (name, value) in &posted.pairs {
        let Some(row) = name.strip_prefix("take.").and_then(|row| row.parse::<i64>().ok()) else { continue };
        if value == "yes" { taken.push(row) } else { left.push(row) }
    }
    for (rows, take) in [(taken, true), (left, false)] {
        if !rows.is_empty() {
            reader.state.app.take_import_rows(&reader.ctx, import.id, &rows, take).await?;
        }
    }
    Ok(())
}

/// `GET /imports/{id}/refused.csv`.
pub(super) async fn refused(reader: Reader, Path(id): Path<String>) -> Response {
    reader
        .answer(async {
            let import = super::find(&reader, &id).await?;
            let (name, bytes) = reader.state.app.refused_rows(&reader.ctx, import.id).await?;
            Ok(download(&name, "text/csv; charset=utf-8", bytes))
        })
        .await
}

/// `GET /{path}/template.csv` and `.xlsx`.
pub async fn template(reader: Reader, Path(path): Path<String>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            if !may_import(&reader, schema) {
                return Err(Refusal::NotFound.into());
            }
            let (format, media) = if reader.path.rsplit('.').next() == Some("csv") {
                (TemplateFormat::Csv, "text/csv; charset=utf-8")
            } else {
                (TemplateFormat::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            };
            let (name, bytes) = reader.state.app.template(schema, format).await?;
            Ok(download(&name, media, bytes))
        })
        .await
}

/// A file of our making as a download.
fn download(name: &str, media: &'static str, bytes: Vec<u8>) -> Response {
    let safe = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let plain: String = name.chars().map(|c| if safe(c) { c } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
    ];
    (headers, bytes).into_response()
}
