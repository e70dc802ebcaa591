//! Questions to the event store, answered by DataFusion over the Parquet files of the manifest.
//!
//! The program alone links this crate. Everything runs on threads of its own, within a bound of memory and time, and
//! ends when nobody waits for it any more.

mod answer;
mod check;
mod footers;
mod lower;
mod needle;
mod prune;
mod run;
mod schema;
mod sql;
mod table;

use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use footers::Footers;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use wardkeep_app::events::{Answer, AskError, Asked, Bounds, EventStore, Holdings, Question};

/// What all questions together may take.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Threads.
    pub threads: usize,
    /// Bytes of memory.
    pub memory: usize,
    /// Questions answered at a time; more wait.
    pub at_once: usize,
    /// Questions that wait; more are sent away.
    pub waiting: usize,
}

impl Default for Room {
    /// All cores, 1 GiB, four questions at a time.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { threads: cores, memory: 1 << 30, at_once: 4, waiting: 64 }
    }
}

/// An event store that is questioned through DataFusion.
pub struct QueryStore {
    here: Arc<Here>,
    /// Taken when dropped: a runtime must not be waited for within another.
    runtime: Option<Runtime>,
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

/// What a question needs.
pub(crate) struct Here {
    folder: PathBuf,
    env: Arc<RuntimeEnv>,
    footers: Footers,
    threads: usize,
}

impl Here {
    /// A session for one question. Names are taken as they are written: fields have capitals.
    fn session(&self) -> SessionContext {
        let mut config = SessionConfig::new()
            .with_target_partitions(self.threads)
            .with_information_schema(false)
            .with_create_default_catalog_and_schema(true);
        let options = config.options_mut();
        options.sql_parser.enable_ident_normalization = false;
        options.execution.parquet.pushdown_filters = true;
        options.execution.parquet.reorder_filters = true;
        options.execution.parquet.bloom_filter_on_read = true;
        options.execution.parquet.enable_page_index = true;
        options.execution.collect_statistics = false;
        SessionContext::new_with_config_rt(config, self.env.clone())
    }
}

/// Stack of a thread: planning goes down the tree of a question.
const STACK: usize = 8 << 20;

impl QueryStore {
    /// A store over the event files in `folder`.
    pub fn open(folder: &Path, room: Room) -> Result<Self, AskError> {
        let fault = |e: &dyn std::fmt::Display| AskError::Fault(e.to_string());
        let pool = Arc::new(FairSpillPool::new(room.memory));
        let no_disk = datafusion::execution::disk_manager::DiskManagerBuilder::default()
            .with_mode(datafusion::execution::disk_manager::DiskManagerMode::Disabled);
        let env = RuntimeEnvBuilder::new().with_memory_pool(pool).with_disk_manager_builder(no_disk);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(room.threads.max(1))
            .thread_name("events")
            .thread_stack_size(STACK)
            .enable_time()
            .build()
            .map_err(|e| fault(&e))?;
        let here = Here {
            folder: std::path::absolute(folder).map_err(|e| fault(&e))?,
            env: env.build_arc().map_err(|e| fault(&e))?,
            footers: Footers::default(),
            threads: room.threads.max(1),
        };
        let places = Arc::new(Semaphore::new(room.at_once.max(1)));
        let queue = Arc::new(Semaphore::new(room.at_once.max(1) + room.waiting));
        Ok(Self { here: Arc::new(here), runtime: Some(runtime), places, queue })
    }
    /// Does work on the threads of the store, within its time; stops it when nobody waits for it any more.
    async fn within<T: Send + 'static>(
        &self,
        seconds: u64,
        work: impl Future<Output = Result<T, AskError>> + Send + 'static,
    ) -> Result<T, AskError> {
        let _queued = self.queue.clone().try_acquire_owned().map_err(|_| AskError::Busy)?;
        let runtime = self.runtime.as_ref().ok_or(AskError::Absent)?;
        let places = self.places.clone();
        let task = runtime.spawn(async move {
            let bounded = async {
                let _place = places.acquire_owned().await.map_err(|_| AskError::Busy)?;
                work.await
            };
            tokio::time::timeout(Duration::from_secs(seconds), bounded)
                .await
                .unwrap_or(Err(AskError::TooSlow(seconds)))
        });
        struct Stop(tokio::task::AbortHandle);
        impl Drop for Stop {
            fn drop(&mut self) {
                self.0.abort();
            }
        }
        let _stop = Stop(task.abort_handle());
        task.await.unwrap_or_else(|e| Err(AskError::Fault(format!("a question broke off: {e}"))))
    }
}

impl Drop for QueryStore {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl EventStore for QueryStore {
    fn ask(&self, holdings: Holdings, question: Question, bounds: Bounds) -> Asked<'_, Answer> {
        let here = self.here.clone();
        Box::pin(self.within(bounds.seconds, async move {
            match question {
                Question::Search(ask) => run::search(&here, holdings, ask, bounds.rows).await,
                Question::Sql(text) => sql::answer(&here, holdings, &text, bounds.rows).await,
            }
        }))
    }
}
