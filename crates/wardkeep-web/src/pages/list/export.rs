//! `/{path}/export.csv` and its siblings: exactly what the list at the same question shows, as a file.

use super::super::reader::Reader;
use super::super::record::download_of;
use super::{columns, register};
use axum::extract::Path;
use axum::response::Response;
use wardkeep_app::exchange::{ExportAsk, ExportColumns, ExportFormat};
use wardkeep_app::records::Ask;
use wardkeep_app::{Error, Refusal};

/// `GET`.
pub async fn export(reader: Reader, Path(path): Path<String>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let ending = reader.path.rsplit('.').next().unwrap_or_default();
            let format = ExportFormat::from_key(ending).ok_or(Refusal::NotFound)?;
            let pairs = columns::joined(&reader.pairs);
            let ask = Ask::read(schema, reader.organisation.custom(schema.key), &pairs)
                .map_err(Refusal::Invalid)?;
            let ask = ExportAsk { ask, format, columns: ExportColumns::Listed };
            let done = reader.state.app.export(&reader.ctx, schema, &ask).await?;
            // The open file outlives its name: nothing stays in the spool when the reader goes away.
            let file = tokio::fs::File::from_std(done.file.reopen().map_err(Error::fault)?);
            let size = file.metadata().await.map_err(Error::fault)?.len();
            Ok(download_of(&done.name, done.media, size, file))
        })
        .await
}
