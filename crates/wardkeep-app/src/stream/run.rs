//! Starting live intake, and stopping it so that nothing is left to do again.

use super::commit::{self, AlertWork};
use super::read::{Reading, ReadingParts};
use super::worker::{Worker, WorkerParts};
use super::{Hot, Live, Status, silence};
use crate::config::Intake;
use crate::rules::ActiveRules;
use crate::{App, Ctx, Error};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use wardkeep_listen::{
    Listening, NetOptions, Spool, SpoolOptions, Tail, TailOptions, TailPath, TlsOptions, listen,
};
use wardkeep_types::{Id, limits};

/// Bytes of one segment of the spool.
const SEGMENT: u64 = 64 << 20;
/// Segments that a full spool has at least: only whole segments are removed.
const SEGMENTS: u64 = 8;
/// Batches that were read and wait to be matched.
const PIECES: usize = 8;
/// Files of a followed folder.
const FILES: usize = 1_000;

/// Running live intake.
pub struct Running {
    live: Arc<Live>,
    listening: Option<Listening>,
    tail: Option<Tail>,
    reading: Option<JoinHandle<()>>,
    worker: Option<JoinHandle<()>>,
    committer: Option<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    watching: tokio::task::JoinHandle<()>,
    stop_worker: Arc<std::sync::atomic::AtomicBool>,
}

/// Starts live intake as the configuration says; `None` when nothing is taken in and nothing waits.
pub async fn start(app: &Arc<App>) -> Result<Option<Running>, Error> {
    let config = app.config.intake.clone();
    let folder = app.folder.spool().join("live");
    if !config.is_on() && !folder.exists() {
        return Ok(None);
    }
    let ctx = Ctx::system("live intake", app.clock.now());
    let unit = app.ensure_baseline(&ctx).await?;
    let checkpoint = app.stream_checkpoint().await?;
    let bytes = config.spool_mib << 20;
    let options = SpoolOptions { bytes, segment_bytes: SEGMENT.min(bytes / SEGMENTS), waiting: 512 };
    let opened = {
        let (folder, first) = (folder.clone(), checkpoint.cursor);
        tokio::task::spawn_blocking(move || Spool::open(&folder, options, first)).await
    };
    let spool = Arc::new(opened.map_err(Error::fault)?.map_err(Error::fault)?);
    let rules = rules(app, &ctx, unit, &config.rules).await?;
    let (hot, status) = (Arc::new(Hot::default()), Arc::new(Status::default()));
    status.checkpoint.store(checkpoint.cursor, Ordering::Relaxed);
    status.worked.store(checkpoint.cursor, Ordering::Relaxed);
    let live = Arc::new(Live { gate: spool.gate(), hot: hot.clone(), status: status.clone() });
    let (alerts, alert_work) = tokio::sync::mpsc::channel::<AlertWork>(16);
    tokio::spawn(commit::alerts(app.clone(), unit, hot.clone(), status.clone(), alert_work));
    let (flushes, flush_work) = std::sync::mpsc::sync_channel(1);
    let runtime = Handle::current();
    let committer = {
        let (app, hot, status, spool) = (app.clone(), hot.clone(), status.clone(), spool.clone());
        let runtime = runtime.clone();
        thread("commit", move || commit::files(&app, &runtime, &hot, &status, &spool, &flush_work))?
    };
    let stop_worker = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (out, pieces) = std::sync::mpsc::sync_channel(PIECES);
    let wanted = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let parts = WorkerParts {
        app: app.clone(),
        runtime: runtime.clone(),
        rules,
        iocs: app.active_iocs().await?,
        hot,
        status: status.clone(),
        alerts,
        flushes,
        pieces,
        wanted: wanted.clone(),
    };
    let cursor = spool.cursor(checkpoint.cursor);
    let worker = Worker::new(parts, checkpoint).await?;
    let worker = thread("match", move || worker.run())?;
    let stop = stop_worker.clone();
    let parts = ReadingParts { app: app.clone(), runtime: runtime.clone(), unit, status, out, wanted, stop };
    let reading = Reading::new(parts, cursor);
    let reading = thread("read", move || reading.run())?;
    let _ = app.intake.set(live.clone());
    let recent = live.hot.clone();
    app.link_recent(Box::new(move || recent.copy()));
    let listening = sockets(app, &config, &live).await?;
    let tail = follow(app, &config, &live, &spool)?;
    let (stop, stopped) = watch::channel(false);
    let watching = {
        let meter = listening.as_ref().map(Listening::losses);
        tokio::spawn(silence::watch(app.clone(), unit, meter, stopped))
    };
    Ok(Some(Running {
        live,
        listening,
        tail,
        reading: Some(reading),
        worker: Some(worker),
        committer: Some(committer),
        stop,
        watching,
        stop_worker,
    }))
}

/// The rules that are active in the register, after those that the configuration names were registered.
async fn rules(app: &App, ctx: &Ctx, unit: Id, folders: &[PathBuf]) -> Result<Arc<ActiveRules>, Error> {
    app.sync_shipped_rules(ctx, unit).await?;
    for folder in folders {
        for problem in &app.sync_folder(ctx, unit, folder, "active").await?.problems {
            tracing::warn!(path = %problem.path, problem = %problem.message, "a rule cannot be used");
        }
    }
    app.active_rules().await
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new().name(name.into()).spawn(work).map_err(Error::fault)
}

async fn sockets(app: &Arc<App>, config: &Intake, live: &Live) -> Result<Option<Listening>, Error> {
    if config.udp.is_none() && config.tcp.is_none() && config.tls.is_none() {
        return Ok(None);
    }
    let tls = config.tls.as_ref().map(|tls| {
        let files = TlsOptions {
            certificate: tls.certificate.clone(),
            key: tls.key.clone(),
            client_ca: tls.client_ca.clone(),
        };
        (tls.listen, files)
    });
    let options = NetOptions {
        udp: config.udp,
        tcp: config.tcp,
        tls,
        line_bytes: config.line_bytes(),
        connections: config.connections,
        idle: Duration::from_secs(config.idle_seconds),
    };
    let listening = listen(&options, &live.gate, &app.clock).await;
    listening
        .map(Some)
        .map_err(|error| crate::Refusal::invalid("intake", "not_bound", error.to_string()).into())
}

fn follow(app: &Arc<App>, config: &Intake, live: &Live, spool: &Spool) -> Result<Option<Tail>, Error> {
    if config.tail.is_empty() {
        return Ok(None);
    }
    let path =
        |tail: &crate::config::IntakeTail| TailPath { path: tail.path.clone(), from_end: tail.from == "end" };
    let options = TailOptions {
        paths: config.tail.iter().map(path).collect(),
        line_bytes: config.line_bytes(),
        files: FILES,
        ratio: limits::EXPANSION_RATIO,
        pause: Duration::from_millis(250),
        since: app.opened,
    };
    let (gate, clock) = (live.gate.clone(), app.clock.clone());
    Tail::start(options, gate, spool.marks(), clock, Handle::current()).map(Some).map_err(Error::fault)
}

impl Running {
    /// Where syslog is listened on: UDP, TCP, TLS.
    pub fn addresses(&self) -> [Option<std::net::SocketAddr>; 3] {
        self.listening.as_ref().map_or([None; 3], |l| [l.udp, l.tcp, l.tls])
    }
    /// Takes no more, works off what was taken in memory, writes a last checkpoint.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        if let Some(listening) = self.listening.take() {
            let drops = listening.kernel_drops();
            let counts = listening.counts().clone();
            listening.close().await;
            let lost = counts.lost.load(Ordering::Relaxed);
            if lost > 0 || drops.socket.unwrap_or(0) > 0 {
                tracing::warn!(lost, dropped_by_kernel = ?drops.socket, "messages were lost on their way in");
            }
        }
        let tail = self.tail.take();
        let threads = [self.reading.take(), self.worker.take(), self.committer.take()];
        let stop_worker = self.stop_worker.clone();
        let joined = tokio::task::spawn_blocking(move || {
            tail.into_iter().for_each(Tail::close);
            stop_worker.store(true, Ordering::Relaxed);
            for thread in threads.into_iter().flatten() {
                let _ = thread.join();
            }
        });
        let _ = joined.await;
        let _ = self.watching.await;
        tracing::debug!(state = ?self.live.state(), "live intake has stopped");
    }
}
