//! `wardkeep serve`.

use crate::args::Global;
use crate::background::{self, Background};
use crate::exit::{Exit, Failure};
use crate::interrupt::Ears;
use crate::lock::{Lock, What};
use crate::open::{self, Installation};
use crate::output::{Line, Out, Style, note};
use clap::Args;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use wardkeep_app::auth::Settings;
use wardkeep_app::courier::{mailer, post_links};
use wardkeep_report::words::moment;
use wardkeep_types::{Clock as _, SystemClock};
use wardkeep_web::router::router;
use wardkeep_web::session::Door;
use wardkeep_web::state::State;

/// Where to serve.
#[derive(Debug, Args)]
#[command(
    after_help = "At the first start a link is printed, once, with which the first account is made.\nStop with Ctrl-C: requests under way are answered first."
)]
pub struct ServeArgs {
    /// Address and port [default: listen of the configuration, 127.0.0.1:8420]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Port on the configured address
    #[arg(long, conflicts_with = "listen")]
    pub port: Option<u16>,
}

/// Seconds that requests under way have when asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until asked to stop.
pub async fn run(global: &Global, out: Out, args: ServeArgs) -> anyhow::Result<Exit> {
    let ears = Ears::open()?;
    let mut config = open::config(global)?;
    crate::logs::start(global.verbose, &config.log);
    // Config::load has made sure that this is an address.
    let mut address: SocketAddr = config.listen.parse()?;
    address = args.listen.unwrap_or(address);
    address.set_port(args.port.unwrap_or(address.port()));
    open::folder(global.data())?;
    let lock = Lock::take(global.data(), What::Serve, SystemClock.now())?;
    let listener = bind(address).await?;
    config.listen = listener.local_addr()?.to_string();
    let here = Installation::open(global.data(), config, Arc::new(SystemClock)).await?;
    let link = here.auth.create_first_link(here.app.clock.now()).await?;
    let link = link.map(|token| link_url(here.auth.settings(), token.reveal()));
    let url = here.auth.settings().public_url.clone();
    if out.json {
        out.json(&json!({"url": url, "listen": here.app.config.listen, "data": global.data(), "first_start_link": link}))?;
    } else {
        out.line(&Line::new().text("Wardkeep serves ").put(Style::Bold, &url))?;
        if let Some(link) = &link {
            out.say("")?;
            out.say(
                "Nobody has an account yet. This link makes the first one; it works once, for 24 hours:",
            )?;
            out.say(format!("  {link}"))?;
            out.say("")?;
        }
        out.say("Stop with Ctrl-C.")?;
    }
    if !address.ip().is_loopback() && !here.auth.settings().is_https() {
        note("Note: this address is reachable from other machines, and what goes over it is not encrypted.");
        note("      Put a TLS proxy before it, and set public_url = \"https://...\" in wardkeep.toml.");
    }
    until_asked(here, listener, (lock, ears), &url).await
}

/// Serves on an open port, with all background work, until asked to stop.
pub async fn until_asked(
    here: Installation,
    listener: TcpListener,
    held: (Lock, Ears),
    url: &str,
) -> anyhow::Result<Exit> {
    let (mut lock, mut ears) = held;
    let since = moment(here.app.clock.now());
    lock.tell(&format!("process {}, {url}, since {since}", std::process::id()))?;
    here.app.rules_at_start(&here.ctx("serve")).await?;
    let background = Background::start(&here);
    let intake = wardkeep_app::stream::start(&here.app).await?;
    for (name, address) in
        ["UDP", "TCP", "TLS"].iter().zip(intake.iter().flat_map(wardkeep_app::stream::Running::addresses))
    {
        if let Some(address) = address {
            note(&format!("Takes syslog over {name} on {address}."));
        }
    }
    let state = State::new(here.app.clone(), here.auth.clone())?;
    let mut door = Door::new(here.app.clone(), here.auth.clone());
    if let Some(mailer) = mailer(&here.app.config)? {
        let public = here.auth.settings().public_url.clone();
        door = door.with_mail(post_links(mailer, public, here.app.clock.clone()));
    }
    let router = router(state, door);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let (stop, asked) = tokio::sync::oneshot::channel::<()>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async {
        let _ = asked.await;
    });
    let mut serving = tokio::spawn(serving.into_future());
    let ended = tokio::select! {
        ended = &mut serving => ended?.map_err(anyhow::Error::from),
        () = ears.asked() => {
            note("Stopping.");
            let _ = stop.send(());
            // A page that streams for ever is not waited for; whoever is impatient presses again.
            tokio::select! {
                ended = &mut serving => ended?.map_err(anyhow::Error::from),
                () = tokio::time::sleep(GRACE) => Ok(()),
                () = ears.asked() => Ok(()),
            }
        }
    };
    serving.abort();
    if let Some(intake) = intake {
        intake.stop().await;
    }
    background.stop().await;
    if let Err(error) = background::sign(here.app.clone(), "stop").await {
        tracing::warn!(%error, "the head of the change log was not signed at the end");
    }
    ended.map(|()| Exit::Fine)
}

/// Takes a port, or says who may have it.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let (code, what, remedy) = match error.kind() {
            std::io::ErrorKind::AddrInUse => (
                "port_taken",
                format!("port {} is taken by another program", address.port()),
                "stop that program, or choose another port with --port",
            ),
            std::io::ErrorKind::PermissionDenied => (
                "port_forbidden",
                format!("this account may not use port {}", address.port()),
                "choose a port above 1023 with --port",
            ),
            std::io::ErrorKind::AddrNotAvailable => (
                "no_address",
                format!("this machine has no address {}", address.ip()),
                "use 127.0.0.1, 0.0.0.0 or one of its own addresses",
            ),
            _ => {
                ("not_bound", format!("the address cannot be used: {error}"), "choose another with --listen")
            }
        };
        Failure::refused(code, what).at(address).remedy(remedy).into()
    })
}

/// The address of a one-time link.
pub fn link_url(settings: &Settings, token: &str) -> String {
    format!("{}/link/{token}", settings.public_url.trim_end_matches('/'))
}
