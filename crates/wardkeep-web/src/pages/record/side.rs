//! What one does beside a record's fields: comments, watching, files, the list of those who may open it.

use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use crate::parts::picked_reference;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use wardkeep_app::{Error, Refusal};

type Place = Path<(String, String)>;

/// `POST /{path}/{reference}/comments`.
pub async fn comment(Path((path, reference)): Place, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            reader
                .state
                .app
                .comment(&reader.ctx, &reader.organisation, schema, &reference, posted.text("comment"))
                .await?;
            Ok(go(format!("/{path}/{reference}?flash=commented#rail-comments")))
        })
        .await
}

/// `POST /{path}/{reference}/watch`.
pub async fn watch(Path((path, reference)): Place, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let on = !posted.text("on").is_empty();
            reader.state.app.watch(&reader.ctx, &reader.organisation, schema, &reference, on).await?;
            Ok(go(format!("/{path}/{reference}?flash={}", if on { "watching" } else { "unwatched" })))
        })
        .await
}

/// `POST /{path}/{reference}/files`.
pub async fn attach(Path((path, reference)): Place, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let file = posted.files.iter().find(|f| f.control == "file");
            let file = file.ok_or_else(|| Refusal::invalid("file", "required", "choose a file first"))?;
            reader
                .state
                .app
                .attach(&reader.ctx, &reader.organisation, schema, &reference, &file.content, &file.name)
                .await?;
            Ok(go(format!("/{path}/{reference}?flash=attached")))
        })
        .await
}

/// `GET /{path}/{reference}/files/{id}`: the file, always as a download, whatever it is.
pub async fn download(
    reader: Reader,
    Path((path, reference, file)): Path<(String, String, String)>,
) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let file = file.parse().map_err(|_| Refusal::NotFound)?;
            let found = reader
                .state
                .app
                .attachment(&reader.ctx, &reader.organisation, schema, &reference, file)
                .await?;
            send(&reader, &found.file).await
        })
        .await
}

async fn send(reader: &Reader, file: &wardkeep_types::FileRef) -> Result<Response, Error> {
    let stored = reader.state.files.get(&file.sha256).await?.ok_or(Refusal::NotFound)?;
    Ok(download_of(&file.name, "application/octet-stream", file.size, stored))
}

/// A file as a download: no browser shows it in place, whatever it is.
pub fn download_of(name: &str, media: &str, size: u64, file: tokio::fs::File) -> Response {
    let safe = |c: char| c.is_ascii_graphic() && !"\"\\;%".contains(c);
    let plain: String = name.chars().map(|c| if safe(c) { c } else { '_' }).collect();
    let named = super::super::address::encode(name).replace('+', "%20");
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{named}")),
    ];
    (headers, Body::from_stream(chunks(file))).into_response()
}

/// The content piece by piece.
fn chunks(file: tokio::fs::File) -> impl futures_util::Stream<Item = std::io::Result<Vec<u8>>> {
    use tokio::io::AsyncReadExt as _;
    futures_util::stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; 64 * 1024];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then_some((piece, file)))
    })
}

/// `POST /{path}/{reference}/restrict`.
pub async fn restrict(Path((path, reference)): Place, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let on = !posted.text("on").is_empty();
            reader
                .state
                .app
                .restrict(&reader.ctx, &reader.organisation, schema, &reference, on, posted.text("reason"))
                .await?;
            Ok(go(format!("/{path}/{reference}?flash={}", if on { "restricted" } else { "opened" })))
        })
        .await
}

/// `POST /{path}/{reference}/need-to-know`.
pub async fn need_to_know(Path((path, reference)): Place, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
            let people = register("people")?;
            let asked = posted.text("person");
            let person =
                app.find(ctx, organisation, people, picked_reference(asked)).await.map_err(|error| {
                    match error {
                        Error::Refusal(Refusal::NotFound) => Refusal::invalid(
                            "person",
                            "unknown_ref",
                            format!("there is no person '{asked}'; pick from the list"),
                        )
                        .into(),
                        other => other,
                    }
                })?;
            let off = !posted.text("off").is_empty();
            app.name_person(ctx, organisation, schema, &reference, person.id, !off).await?;
            Ok(go(format!("/{path}/{reference}?flash=named")))
        })
        .await
}
