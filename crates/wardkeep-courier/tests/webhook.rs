//! Parcels over real connections: to a server of our own on this machine.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wardkeep_courier::{Courier, Parcel, Reach, SendError, verify};
use wardkeep_types::Moment;

const SECRET: &[u8] = b"a secret of the webhook";

fn at() -> Moment {
    "2026-07-01T08:00:00Z".parse().unwrap()
}

fn parcel() -> Parcel<'static> {
    Parcel { id: "0198", event: "risk.edit", body: b"{\"n\":1}".to_vec(), at: at() }
}

/// Reads one request as text.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let (mut text, mut bytes) = (String::new(), [0; 4096]);
    loop {
        let n = stream.read(&mut bytes).await.unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&bytes[..n]));
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let length =
            head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        let whole = length.and_then(|l| l.parse::<usize>().ok()).is_some_and(|l| body.len() >= l);
        if n == 0 || whole {
            return text;
        }
    }
}

async fn answer(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    // The other side may have left already; that is its matter.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// A server that answers every request with that text and tells what it got.
async fn server(text: &'static str) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let got = request(&mut stream).await;
            let _ = tell.send(got);
            answer(&mut stream, text).await;
        }
    });
    (address, told)
}

fn courier() -> Courier {
    Courier::new(Reach::Private).within(Duration::from_secs(10))
}

#[tokio::test]
async fn a_parcel_arrives_whole_and_signed() {
    let (address, mut told) = server("HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\nok").await;
    let status = courier().send(&format!("http://{address}/hook?x=1"), SECRET, &parcel()).await.unwrap();
    assert_eq!(status, 202);
    let got = told.recv().await.unwrap();
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook?x=1 HTTP/1.1\r\n"), "{head}");
    let header = |name: &str| {
        head.lines().find_map(|l| l.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_owned()
    };
    assert_eq!(
        (header("host"), header("wardkeep-event"), header("wardkeep-delivery")),
        (address.to_string(), "risk.edit".into(), "0198".into())
    );
    assert_eq!(body, "{\"n\":1}");
    assert!(verify(SECRET, &header("wardkeep-signature"), body.as_bytes(), at()));
    assert!(!verify(b"another", &header("wardkeep-signature"), body.as_bytes(), at()));
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_leads_nowhere() {
    let (other, mut visited) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let text: &'static str =
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{other}/\r\ncontent-length: 0\r\n\r\n")
            .leak();
    let (address, _told) = server(text).await;
    let error = courier().send(&format!("http://{address}/"), SECRET, &parcel()).await.unwrap_err();
    assert_eq!(error.status(), Some(307));
    assert!(visited.try_recv().is_err());
}

#[tokio::test]
async fn refusals_and_broken_lines_are_told_apart() {
    let (address, _told) = server("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n").await;
    let error = courier().send(&format!("http://{address}/"), SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::Answered(500)), "{error}");
    for broken in ["", "nonsense\r\n\r\n", "HTTP/1.1 "] {
        let (address, _told) = server(broken).await;
        let error = courier().send(&format!("http://{address}/"), SECRET, &parcel()).await.unwrap_err();
        assert!(matches!(error, SendError::Unreachable(_)), "{broken}: {error}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = courier().send(&format!("http://{nobody}/"), SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error}");
    let error = courier().send("http://no-such-name.invalid/", SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::Unknown(_)), "{error}");
}

#[tokio::test]
async fn who_is_silent_or_never_ends_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = listener.local_addr().unwrap();
    let hasty = Courier::new(Reach::Private).within(Duration::from_millis(200));
    let error = hasty.send(&format!("http://{silent}/"), SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::TimedOut), "{error}");
    let endless = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = endless.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = endless.accept().await.unwrap();
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    });
    assert_eq!(courier().send(&format!("http://{address}/"), SECRET, &parcel()).await.unwrap(), 200);
}

#[tokio::test]
async fn inner_places_are_closed_by_number_and_by_name() {
    let (address, mut visited) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let public = Courier::new(Reach::Public).within(Duration::from_secs(5));
    for url in [
        "https://127.0.0.1/".to_owned(),
        format!("https://127.0.0.1:{}/", address.port()),
        "https://[::1]/".into(),
        "https://10.0.0.1/".into(),
    ] {
        let error = public.send(&url, SECRET, &parcel()).await.unwrap_err();
        assert!(matches!(error, SendError::Target(_)), "{url}: {error}");
    }
    // A name that leads here is as closed as the number. (With its dot it is no other name than localhost.)
    let error =
        public.send(&format!("https://localhost.:{}/", address.port()), SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::Closed { .. } | SendError::Unknown(_)), "{error}");
    assert!(visited.try_recv().is_err());
}

#[tokio::test]
async fn only_trusted_certificates_are_talked_to() {
    let dir = tempfile::tempdir().unwrap();
    let (key, cert) = (dir.path().join("key.pem"), dir.path().join("cert.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "3650",
            "-subj",
            "/CN=localhost",
        ])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
        ])
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output();
    if !made.is_ok_and(|o| o.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "openssl is needed here");
        eprintln!("skipped: no openssl to make a certificate with");
        return;
    }
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let chain = CertificateDer::from_pem_file(&cert).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config
        .with_no_client_auth()
        .with_single_cert(vec![chain.clone()], PrivateKeyDer::from_pem_file(&key).unwrap())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                request(&mut stream).await;
                answer(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
            }
        }
    });
    let url = format!("https://localhost:{port}/hook");
    let error = courier().send(&url, SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::Untrusted(_)), "{error}");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(chain).unwrap();
    let trusting = Courier::trusting(roots, Reach::Private);
    assert_eq!(trusting.send(&url, SECRET, &parcel()).await.unwrap(), 204);
    let error = trusting.send(&format!("https://127.0.0.1:{port}/"), SECRET, &parcel()).await.unwrap_err();
    assert!(matches!(error, SendError::Untrusted(_)), "{error}");
}
