//! The table `events`: the files of the manifest, and what is in no file yet.

use crate::Here;
use crate::footers::Footer;
use crate::needle::{Needle, access};
use crate::prune::Manifest;
use crate::schema::{Wanted, table};
use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, DFSchema, Result, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::{MemTable, TableType};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{ExecutionPlan, empty::EmptyExec};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wardkeep_app::events::{AskError, Holdings, StoredFile};

/// The events of one question.
#[derive(Debug)]
pub(crate) struct Events {
    schema: SchemaRef,
    folder: PathBuf,
    files: Vec<(StoredFile, Arc<Footer>)>,
    recent: Option<MemTable>,
    needles: Vec<Needle>,
    /// Files that were looked into.
    looked: AtomicUsize,
}

impl Events {
    /// The table with the fields that a question wants; without what cannot have the addresses that it demands.
    pub(crate) fn open(
        here: &Here,
        holdings: Holdings,
        wanted: &Wanted,
        needles: Vec<Needle>,
    ) -> Result<Self, AskError> {
        let Holdings { mut files, recent } = holdings;
        // The newest first: whoever wants the newest rows has them after the first file.
        files.sort_by(|a, b| (b.last, &b.name).cmp(&(a.last, &a.name)));
        let mut footers = here.footers.of(&here.folder, &files)?;
        let mut fresh = None;
        if !recent.is_empty() {
            let batch = wardkeep_events::store::batch(&recent).map_err(|e| AskError::Fault(e.to_string()))?;
            let read_as = crate::schema::read_as(&batch.schema());
            let rest = true;
            footers.push(Arc::new(Footer { schema: read_as, hashes: true, rest, sides: Vec::new() }));
            fresh = Some(batch);
        }
        let schema = table(&footers, wanted);
        let recent = fresh.map(|batch| {
            let batch = fit(&batch, &schema)?;
            MemTable::try_new(schema.clone(), vec![vec![batch]])
        });
        let recent = recent.transpose().map_err(|e| crate::answer::error(&e))?;
        Ok(Self {
            schema,
            folder: here.folder.clone(),
            files: files.into_iter().zip(footers).collect(),
            recent,
            needles,
            looked: AtomicUsize::new(0),
        })
    }
    /// Whether some events have fields that are no columns.
    pub(crate) fn rest(&self) -> bool {
        self.recent.is_some() || self.files.iter().any(|(_, footer)| footer.rest)
    }
    /// Whether hashes stand in a column of their own everywhere.
    pub(crate) fn hashes(&self) -> bool {
        self.files.iter().all(|(_, footer)| footer.hashes)
    }
    /// Files that were looked into.
    pub(crate) fn looked(&self) -> usize {
        self.looked.load(Ordering::Relaxed)
    }
    /// The columns.
    pub(crate) fn columns(&self) -> &SchemaRef {
        &self.schema
    }
    /// The files that may hold what passes the filters.
    fn candidates(&self, state: &dyn Session, filters: &[Expr]) -> Result<Vec<&(StoredFile, Arc<Footer>)>> {
        let all = || self.files.iter().collect();
        let Some(filter) = conjunction(filters.to_vec()) else { return Ok(all()) };
        let names = DFSchema::try_from(self.schema.clone())?;
        let filter = state.create_physical_expr(filter, &names)?;
        // What cannot be turned into a condition on files leaves them all.
        let Ok(predicate) =
            PruningPredicateBuilder::new().with_file_schema(self.schema.clone()).try_build(filter)
        else {
            return Ok(all());
        };
        let files: Vec<StoredFile> = self.files.iter().map(|(file, _)| file.clone()).collect();
        let kept = predicate.prune(&Manifest(&files))?;
        Ok(self.files.iter().zip(kept).filter(|(_, keep)| *keep).map(|(file, _)| file).collect())
    }
    fn part(&self, file: &StoredFile, footer: &Footer) -> PartitionedFile {
        let path = self.folder.join(&file.name);
        let statistics = Statistics {
            num_rows: Precision::Exact(file.rows as usize),
            total_byte_size: Precision::Absent,
            column_statistics: self
                .schema
                .fields()
                .iter()
                .map(|field| match field.name().as_str() {
                    "at" => {
                        let at = |micros| {
                            Precision::Exact(ScalarValue::TimestampMicrosecond(
                                Some(micros),
                                Some("UTC".into()),
                            ))
                        };
                        ColumnStatistics {
                            null_count: Precision::Exact(0),
                            min_value: at(file.first.as_micros()),
                            max_value: at(file.last.as_micros()),
                            ..ColumnStatistics::new_unknown()
                        }
                    }
                    _ => ColumnStatistics::new_unknown(),
                })
                .collect(),
        };
        PartitionedFile::new(path.to_string_lossy(), file.size)
            .with_arrow_schema(footer.schema.clone())
            .with_statistics(Arc::new(statistics))
    }
}

/// The events of a batch as the table has them.
fn fit(
    batch: &datafusion::arrow::array::RecordBatch,
    schema: &SchemaRef,
) -> Result<datafusion::arrow::array::RecordBatch> {
    use datafusion::arrow::array::{RecordBatch, new_null_array};
    use datafusion::arrow::compute::cast;
    let columns = schema.fields().iter().map(|field| match batch.column_by_name(field.name()) {
        Some(column) => cast(column, field.data_type()),
        None => Ok(new_null_array(field.data_type(), batch.num_rows())),
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)?)
}

#[async_trait]
impl TableProvider for Events {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
    fn table_type(&self) -> TableType {
        TableType::Base
    }
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // They choose files here; row by row the reader of the files applies them.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut files = Vec::new();
        for (file, footer) in self.candidates(state, filters)? {
            if self.needles.is_empty() {
                files.push(self.part(file, footer));
            } else if let Some(groups) = access(&self.folder.join(&file.name), footer, &self.needles) {
                files.push(self.part(file, footer).with_extension(groups));
            }
        }
        self.looked.fetch_add(files.len(), Ordering::Relaxed);
        let mut plans: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        if !files.is_empty() {
            let url = ObjectStoreUrl::local_filesystem();
            let store = state.runtime_env().object_store(&url)?;
            let footers = state.runtime_env().cache_manager.get_file_metadata_cache();
            let source = ParquetSource::new(self.schema.clone())
                .with_table_parquet_options(state.table_options().parquet.clone())
                .with_pushdown_filters(true)
                .with_reorder_filters(true)
                .with_bloom_filter_on_read(true)
                .with_enable_page_index(true)
                .with_parquet_file_reader_factory(Arc::new(CachedParquetFileReaderFactory::new(
                    store, footers,
                )));
            let parts = state.config().target_partitions().min(files.len()).max(1);
            let mut groups: Vec<Vec<PartitionedFile>> = vec![Vec::new(); parts];
            for (i, file) in files.into_iter().enumerate() {
                groups[i % parts].push(file);
            }
            let config = FileScanConfigBuilder::new(url, Arc::new(source))
                .with_file_groups(groups.into_iter().map(FileGroup::new).collect())
                .with_projection_indices(projection.cloned())?
                .with_limit(limit)
                .build();
            plans.push(DataSourceExec::from_data_source(config));
        }
        if let Some(recent) = &self.recent {
            plans.push(recent.scan(state, projection, filters, limit).await?);
        }
        match plans.len() {
            0 => {
                let schema = match projection {
                    Some(columns) => Arc::new(self.schema.project(columns)?),
                    None => self.schema.clone(),
                };
                Ok(Arc::new(EmptyExec::new(schema)))
            }
            1 => Ok(plans.swap_remove(0)),
            _ => UnionExec::try_new(plans),
        }
    }
}
