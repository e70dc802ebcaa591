//! `wardkeep demo`: a sample organisation with sample evidence, made relative to today, to look around in.

use super::{assess, serve};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::interrupt::Ears;
use crate::lock::{Lock, What};
use crate::open::{self, Installation};
use crate::output::{Line, Out, Style, note};
use crate::progress;
use clap::Args;
use serde_json::{Value as Json, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use wardkeep_app::assess::Options;
use wardkeep_app::auth::{Device, Purpose, Secret, Step};
use wardkeep_app::{Config, sample};
use wardkeep_report::words::number;
use wardkeep_types::{Clock as _, Date, Moment, SystemClock};

/// How to show it.
#[derive(Debug, Args)]
#[command(
    after_help = "The folder is made anew when its sample is not of today. Nothing of yours is read or changed:\na folder that holds anything else is refused."
)]
pub struct DemoArgs {
    /// Port on this machine; the next free one if it is taken
    #[arg(long, default_value_t = 8420)]
    pub port: u16,
    /// Make the sample, but do not serve it
    #[arg(long)]
    pub no_serve: bool,
    /// Make it anew even if it is of today
    #[arg(long)]
    pub fresh: bool,
}

/// Says that a folder is ours to throw away, and how far it is.
const MARK: &str = "sample.json";
/// Ports that are tried.
const PORTS: u16 = 50;

/// Makes the sample if need be, serves it and prints a link to sign in.
pub async fn run(global: &Global, out: Out, args: DemoArgs) -> anyhow::Result<Exit> {
    crate::logs::start(global.verbose, "warn");
    let mut ears = Ears::open()?;
    let path = global.data.clone().unwrap_or_else(folder);
    let now = SystemClock.now();
    ours(&path)?;
    open::folder(&path)?;
    let lock = Lock::take(&path, What::Serve, now)?;
    let listener = if args.no_serve { None } else { Some(free_port(args.port).await?) };
    let listen = match &listener {
        Some(listener) => listener.local_addr()?.to_string(),
        None => SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)).to_string(),
    };
    let config = Config { listen, ..Config::default() };
    let known =
        mark(&path).filter(|m| !args.fresh && m["day"] == now.date().to_string() && m["ready"] == true);
    let here = match &known {
        Some(_) => Installation::open(&path, config, Arc::new(SystemClock)).await?,
        None => {
            tokio::select! {
                made = make(&path, config, out, now) => made?,
                () = ears.asked() => return Ok(Exit::Interrupted),
            }
        }
    };
    let email = mark(&path).and_then(|m| m["officer"].as_str().map(str::to_owned)).unwrap_or_default();
    let Some(listener) = listener else {
        out.json(&json!({"data": path, "made": known.is_none(), "officer": email, "report": path.join("posture.html")}))?;
        out.say(format!("The sample organisation lies in {}.", path.display()))?;
        out.say(format!(
            "Show it with: wardkeep demo --data {}",
            assess::summary::quoted(&path.display().to_string())
        ))?;
        return Ok(Exit::Fine);
    };
    let token = sign_in_link(&here, &email).await?;
    let (url, link) =
        (here.auth.settings().public_url.clone(), serve::link_url(here.auth.settings(), token.reveal()));
    out.json(&json!({"url": url, "link": link, "data": path, "made": known.is_none(), "officer": email}))?;
    out.line(&Line::new().text("The sample organisation is at ").put(Style::Bold, &url))?;
    out.say("")?;
    out.say("Sign in as its security officer with this link; it works once:")?;
    out.say(format!("  {link}"))?;
    out.say("")?;
    out.say(format!("Everything in it is invented. It lies in {}.", path.display()))?;
    out.say("Stop with Ctrl-C; `wardkeep demo` prints a new link.")?;
    serve::until_asked(here, listener, (lock, ears), &url).await
}

/// Where the sample lies unless told otherwise: the place for what can be made again.
fn folder() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || {
        set("HOME").map(|home| home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }))
    };
    let caches = set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(home);
    caches.unwrap_or_else(std::env::temp_dir).join("wardkeep").join("sample-organisation")
}

/// Refuses a folder that holds anything but a sample: it would be thrown away tomorrow.
fn ours(path: &Path) -> anyhow::Result<()> {
    let own = |name: &str| name == ".serve.lock" || name == MARK;
    let strange = match std::fs::read_dir(path) {
        Ok(entries) => entries.filter_map(Result::ok).any(|e| !own(&e.file_name().to_string_lossy())),
        Err(_) => false,
    };
    if strange && mark(path).is_none() {
        let remedy = "name an empty or new folder with --data, or leave --data (and WARDKEEP_DATA_DIR) out";
        let what = "this folder holds something other than a sample; the demo would replace it";
        return Err(Failure::refused("not_a_sample", what).at(path.display()).remedy(remedy).into());
    }
    Ok(())
}

fn mark(path: &Path) -> Option<Json> {
    serde_json::from_slice(&std::fs::read(path.join(MARK)).ok()?).ok()
}

fn write_mark(path: &Path, day: Date, officer: &str, ready: bool) -> std::io::Result<()> {
    let text = json!({"sample": "made by wardkeep demo; made anew every day", "day": day, "officer": officer, "ready": ready});
    std::fs::write(path.join(MARK), text.to_string())
}

/// Empties the folder, makes the organisation and its evidence, and assesses that.
async fn make(path: &Path, config: Config, out: Out, now: Moment) -> anyhow::Result<Installation> {
    write_mark(path, now.date(), "", false)?;
    for entry in std::fs::read_dir(path)?.filter_map(Result::ok) {
        let name = entry.file_name();
        if name == MARK || name == ".serve.lock" {
            continue;
        }
        let old = entry.path();
        if entry.file_type()?.is_dir() { std::fs::remove_dir_all(old)? } else { std::fs::remove_file(old)? }
    }
    let display = progress::display(out.json);
    display.phase("Making the sample organisation");
    let here = Installation::open(path, config, Arc::new(SystemClock)).await?;
    let made = sample::build(&here.app, now).await?;
    let evidence = path.join("evidence");
    sample::evidence(&evidence, now, sample::Volume::Full)?;
    let options = Options { paths: vec![evidence], ..Options::default() };
    let assessed = here.app.assess(&here.ctx("demo"), &options, display, Arc::default()).await?;
    assess::write_report(&path.join("posture.html"), &assessed)?;
    let records: usize = made.records.values().sum();
    out.say(format!(
        "Made a sample organisation with {} records and assessed its evidence: {} log records.",
        number(records as u64),
        number(assessed.events)
    ))?;
    write_mark(path, now.date(), &made.officer_email, true)?;
    Ok(here)
}

/// A link that signs the officer in. The first time her account is opened with a password that nobody knows.
async fn sign_in_link(here: &Installation, email: &str) -> anyhow::Result<Secret> {
    let (ctx, device) = (
        here.ctx("demo"),
        Device { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "wardkeep demo", known: None },
    );
    let organisation = here.app.organisation().await?;
    if here.auth.account_by_email(email).await?.is_none() {
        let row =
            here.app.db.row("SELECT id FROM person WHERE email = $1", wardkeep_store::cells![email]).await?;
        let id = row.and_then(|r| r.try_get::<uuid::Uuid>("", "id").ok()).map(wardkeep_types::Id::from_uuid);
        let gone = || {
            Failure::refused("no_officer", "the sample's security officer is not there")
                .remedy("make the sample anew: wardkeep demo --fresh")
        };
        let invitation = here.auth.invite(&ctx, &organisation.units, id.ok_or_else(gone)?).await?;
        let password = format!("{}{}", uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let step =
            here.auth.set_password_by_link(invitation.token.reveal(), &password, &device, ctx.now).await?;
        debug_assert!(matches!(step, Step::Done(_)));
    }
    if let Some(link) = here.auth.request_link(email, Purpose::SignIn, &device, ctx.now).await? {
        return Ok(link.token);
    }
    // Asked for too often within the hour: the console may still hand one out.
    let account = here
        .auth
        .account_by_email(email)
        .await?
        .ok_or(wardkeep_app::Refusal::NotFound)
        .map_err(wardkeep_app::Error::from)?;
    Ok(here.auth.hand_out_link(&ctx, &organisation.units, &account).await?.token)
}

/// The port, or the next free one on this machine alone.
async fn free_port(first: u16) -> anyhow::Result<TcpListener> {
    for port in (first..=first.saturating_add(PORTS)).chain([0]) {
        let taken = |e: &anyhow::Error| e.downcast_ref::<Failure>().is_some_and(|f| f.code == "port_taken");
        match serve::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Ok(listener) => {
                let got = listener.local_addr()?.port();
                if got != first && first != 0 {
                    note(&format!("Port {first} is taken; using {got}."));
                }
                return Ok(listener);
            }
            Err(error) if taken(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Failure::refused("port_taken", "no port is free").remedy("choose one with --port").into())
}

#[cfg(test)]
mod tests {
    use super::{free_port, ours};

    #[test]
    fn somebodys_folder_is_not_touched() {
        let dir = tempfile::tempdir().unwrap();
        assert!(ours(dir.path()).is_ok() && ours(&dir.path().join("new")).is_ok());
        std::fs::write(dir.path().join("wardkeep.db"), "x").unwrap();
        assert!(ours(dir.path()).is_err());
        super::write_mark(dir.path(), "2026-03-31".parse().unwrap(), "", false).unwrap();
        assert!(ours(dir.path()).is_ok());
    }

    #[tokio::test]
    async fn a_taken_port_makes_way_for_the_next() {
        let first = free_port(0).await.unwrap().local_addr().unwrap().port();
        let _held = std::net::TcpListener::bind(("127.0.0.1", first)).unwrap();
        assert_ne!(free_port(first).await.unwrap().local_addr().unwrap().port(), first);
    }
}
