//! Forms that were sent, and the proof that they come from the reader's own pages.

use super::errors;
use super::reader::Reader;
use crate::state::State;
use crate::words::words;
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header;
use axum::response::Response;
use wardkeep_app::{Error, Refusal};
use wardkeep_store::Content;
use wardkeep_types::limits::{DOCUMENT_BYTES, EVIDENCE_BYTES};

/// A file that came with a form and is stored already.
#[derive(Debug, Clone)]
pub struct SentFile {
    /// Name of the control.
    pub control: String,
    /// Name of the file, without any path.
    pub name: String,
    /// What was stored.
    pub content: Content,
}

/// A form that was sent from one of this reader's own pages. There is no other way to its content, so no handler
/// can forget to ask where it comes from.
pub struct Posted {
    /// Who sent it.
    pub reader: Reader,
    /// Its pairs, in order.
    pub pairs: Vec<(String, String)>,
    /// Its files.
    pub files: Vec<SentFile>,
}

impl Posted {
    /// The value of a control; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
    /// All values of a control.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<State> for Posted {
    type Rejection = Response;
    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let reader = Reader::from_request_parts(&mut parts, state).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let several = kind.starts_with("multipart/form-data");
        let request = Request::from_parts(parts, body);
        let read =
            if several { read_parts(request, &reader).await } else { read_pairs(request, &reader).await };
        let (pairs, files) = read.map_err(|error| errors::page(&reader, &error))?;
        Ok(Self { reader, pairs, files })
    }
}

type Read = Result<(Vec<(String, String)>, Vec<SentFile>), Error>;

async fn read_pairs(request: Request, reader: &Reader) -> Read {
    let Form(pairs): Form<Vec<(String, String)>> = Form::from_request(request, &reader.state)
        .await
        .map_err(|rejection| refused(rejection.status().as_u16(), &rejection.body_text(), DOCUMENT_BYTES))?;
    let token = pairs.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
    if reader.token_fits(token) { Ok((pairs, Vec::new())) } else { Err(foreign()) }
}

/// Files go to the store as they come in. The token stands first in our forms: no byte of a form from elsewhere
/// is kept.
async fn read_parts(request: Request, reader: &Reader) -> Read {
    // A file to import is read as a whole, so it may be as large as a document; evidence may be larger.
    let most = if reader.path == super::imports::PATH { DOCUMENT_BYTES } else { EVIDENCE_BYTES };
    let broken =
        |e: axum::extract::multipart::MultipartError| refused(e.status().as_u16(), &e.body_text(), most);
    let mut form = Multipart::from_request(request, &reader.state)
        .await
        .map_err(|rejection| refused(rejection.status().as_u16(), &rejection.body_text(), most))?;
    let (mut pairs, mut files, mut proved) = (Vec::new(), Vec::new(), false);
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        let control = part.name().unwrap_or_default().to_owned();
        // Some browsers send a whole path as the name; only its last part is a name.
        let name = part.file_name().map(|n| n.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
        let Some(name) = name else {
            let text = part.text().await.map_err(broken)?;
            proved = proved || (control == "csrf" && reader.token_fits(&text));
            pairs.push((control, text));
            continue;
        };
        if !proved {
            return Err(foreign());
        }
        if name.is_empty() {
            continue;
        }
        let mut incoming = reader.state.files.begin(most).await?;
        while let Some(bytes) = part.chunk().await.map_err(broken)? {
            incoming.write(&bytes).await?;
        }
        files.push(SentFile { control, name, content: incoming.finish().await? });
    }
    if proved { Ok((pairs, files)) } else { Err(foreign()) }
}

fn foreign() -> Error {
    Refusal::Forbidden(words("refusal.csrf").to_owned()).into()
}

fn refused(status: u16, detail: &str, most: u64) -> Error {
    if status == 413 {
        let most = format!("{} MiB", most / 1_048_576);
        return Refusal::TooLarge(crate::words::fill("refusal.too_large", &[("most", &most)])).into();
    }
    Refusal::invalid("form", "unreadable", crate::words::fill("refusal.unreadable", &[("detail", detail)]))
        .into()
}
