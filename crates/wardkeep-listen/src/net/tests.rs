//! Senders of all kinds against real sockets on loopback.

use super::*;
use crate::{Next, Spool, SpoolOptions, listen};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use wardkeep_types::SystemClock;

fn options() -> NetOptions {
    NetOptions {
        udp: None,
        tcp: None,
        tls: None,
        line_bytes: 1_000,
        connections: 2,
        idle: Duration::from_secs(5),
    }
}

#[allow(clippy::unnecessary_wraps)] // as the options want it
fn loopback() -> Option<SocketAddr> {
    Some(SocketAddr::from(([127, 0, 0, 1], 0)))
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// The first messages in the spool, with their source.
async fn messages(spool: &Spool, count: usize) -> Vec<(String, String)> {
    let mut cursor = spool.cursor(1);
    tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        for _ in 0..200 {
            if let Next::Batch(stored) = cursor.next(Duration::from_millis(50)).unwrap() {
                let source = stored.batch.source.to_string();
                out.extend(
                    stored
                        .batch
                        .messages()
                        .map(|m| (source.clone(), String::from_utf8_lossy(m).into_owned())),
                );
            }
            if out.len() >= count {
                break;
            }
        }
        out
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn udp_and_tcp_messages_are_kept_under_their_sender() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(dir.path(), SpoolOptions::default(), 0).unwrap();
    let options = NetOptions { udp: loopback(), tcp: loopback(), ..options() };
    let listening = listen(&options, &spool.gate(), &clock()).await.unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    sender.send_to(b"<34>by datagram\n", listening.udp.unwrap()).await.unwrap();
    assert_eq!(messages(&spool, 1).await[0], ("syslog/127.0.0.1".into(), "<34>by datagram".into()));
    let mut stream = TcpStream::connect(listening.tcp.unwrap()).await.unwrap();
    stream.write_all(b"<34>by line\n<34>the ").await.unwrap();
    stream.write_all(b"next\n").await.unwrap();
    drop(stream);
    let mut stream = TcpStream::connect(listening.tcp.unwrap()).await.unwrap();
    stream.write_all(b"8 <34>a\nbc").await.unwrap();
    drop(stream);
    let found: Vec<String> = messages(&spool, 4).await.into_iter().map(|(_, m)| m).collect();
    assert_eq!(found.len(), 4);
    for wanted in ["<34>by datagram", "<34>by line", "<34>the next", "<34>a\nbc"] {
        assert!(found.iter().any(|m| m == wanted), "{found:?}");
    }
    assert!(listening.kernel_drops().socket.is_none_or(|drops| drops == 0));
    let counts = listening.counts().clone();
    listening.close().await;
    assert_eq!(counts.messages.load(Ordering::Relaxed), 4);
    assert_eq!(counts.lost.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn connections_are_bounded_in_number_and_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(dir.path(), SpoolOptions::default(), 0).unwrap();
    let options = NetOptions { tcp: loopback(), idle: Duration::from_millis(100), ..options() };
    let listening = listen(&options, &spool.gate(), &clock()).await.unwrap();
    let address = listening.tcp.unwrap();
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(TcpStream::connect(address).await.unwrap());
    }
    for mut stream in open {
        // Turned away or silent for too long: either way it is closed.
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap_or(0), 0);
    }
    let counts = listening.counts().clone();
    listening.close().await;
    assert!(counts.turned_away.load(Ordering::Relaxed) >= 1);
    assert!(counts.idle.load(Ordering::Relaxed) >= 2);
}

#[tokio::test]
async fn a_full_spool_holds_tcp_back_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let bounds = SpoolOptions { bytes: 300_000, segment_bytes: 50_000, waiting: 2 };
    let spool = Spool::open(dir.path(), bounds, 0).unwrap();
    let listening =
        listen(&NetOptions { tcp: loopback(), ..options() }, &spool.gate(), &clock()).await.unwrap();
    let mut stream = TcpStream::connect(listening.tcp.unwrap()).await.unwrap();
    let total = 40_000_usize;
    let sending = tokio::spawn(async move {
        for n in 0..total {
            stream.write_all(format!("<13>message {n:06} {}\n", "x".repeat(700)).as_bytes()).await.unwrap();
        }
        stream.shutdown().await.unwrap();
    });
    for _ in 0..600 {
        if spool.gate().state().full {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(spool.gate().state().full);
    // What lies between, 28 MB, is more than the kernel keeps for a connection.
    assert!(!sending.is_finished(), "the sender should be held back");
    let mut cursor = spool.cursor(1);
    let mut next = 0;
    while next < total {
        let (back, found) = tokio::task::spawn_blocking(move || {
            let found = cursor.next(Duration::from_millis(500)).unwrap();
            (cursor, found)
        })
        .await
        .unwrap();
        cursor = back;
        if let Next::Batch(stored) = found {
            for message in stored.batch.messages() {
                assert!(message.starts_with(format!("<13>message {next:06}").as_bytes()));
                next += 1;
            }
            spool.release(stored.first + stored.batch.len() as u64).unwrap();
        }
    }
    sending.await.unwrap();
    assert_eq!(listening.counts().lost.load(Ordering::Relaxed), 0);
    listening.close().await;
}

#[tokio::test]
async fn tls_takes_those_whom_its_authority_knows() {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
    let dir = tempfile::tempdir().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let root = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let signed = || {
        let key = KeyPair::generate().unwrap();
        let made = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        (made.signed_by(&key, &issuer).unwrap().pem(), key.serialize_pem())
    };
    let (certificate, key) = signed();
    let put = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let files = TlsOptions {
        certificate: put("server.pem", &certificate),
        key: put("server.key", &key),
        client_ca: Some(put("ca.pem", &root.pem())),
    };
    let spool = Spool::open(&dir.path().join("spool"), SpoolOptions::default(), 0).unwrap();
    let wanted = NetOptions { tls: loopback().map(|address| (address, files.clone())), ..options() };
    let listening = listen(&wanted, &spool.gate(), &clock()).await.unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    let client = || {
        rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots.clone())
    };
    let (mine, mine_key) = signed();
    let known = client()
        .with_client_auth_cert(
            vec![CertificateDer::from_pem_slice(mine.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(mine_key.as_bytes()).unwrap(),
        )
        .unwrap();
    for config in [known, client().with_no_client_auth()] {
        let stream = TcpStream::connect(listening.tls.unwrap()).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let name = ServerName::try_from("localhost").unwrap();
        // With TLS 1.3 a client learns only later that it was refused.
        if let Ok(mut stream) = connector.connect(name, stream).await {
            let _ = stream.write_all(b"12 <34>sealed 1").await;
            let _ = stream.shutdown().await;
            let _ = stream.read(&mut [0; 16]).await;
        }
    }
    let found = messages(&spool, 1).await;
    assert_eq!(found, [("syslog/127.0.0.1".to_owned(), "<34>sealed 1".to_owned())]);
    assert_eq!(listening.counts().handshakes.load(Ordering::Relaxed), 1);
    listening.close().await;
    let wrong = TlsOptions { key: put("wrong.key", "none"), ..files };
    let wanted = NetOptions { tls: loopback().map(|address| (address, wrong)), ..options() };
    let error = listen(&wanted, &spool.gate(), &clock()).await.err().unwrap().to_string();
    assert!(error.contains("wrong.key"), "{error}");
}
