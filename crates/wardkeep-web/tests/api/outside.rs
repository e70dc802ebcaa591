//! The world outside: a server for webhooks and one for mail, on this machine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// What came, and what is answered: the given statuses first, then 200.
#[derive(Clone, Default)]
pub struct Outside {
    got: Arc<Mutex<Vec<String>>>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

impl Outside {
    /// What came so far, and forgets it.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.got.lock().unwrap())
    }
    pub fn answer(&self, statuses: &[u16]) {
        self.statuses.lock().unwrap().extend(statuses);
    }
    /// A server for webhooks; its address.
    pub async fn hooks(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let own = self.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let (mut text, mut bytes) = (String::new(), [0; 8192]);
                    loop {
                        let n = stream.read(&mut bytes).await.unwrap_or(0);
                        text.push_str(&String::from_utf8_lossy(&bytes[..n]));
                        let Some((head, body)) = text.split_once("\r\n\r\n").filter(|_| n > 0) else {
                            if n == 0 {
                                break;
                            }
                            continue;
                        };
                        let length = head
                            .lines()
                            .find_map(|l| l.strip_prefix("content-length: ")?.parse::<usize>().ok())
                            .unwrap_or(0);
                        if body.len() >= length {
                            break;
                        }
                    }
                    own.got.lock().unwrap().push(text);
                    let status = own.statuses.lock().unwrap().pop_front().unwrap_or(200);
                    let _ = stream
                        .write_all(format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n").as_bytes())
                        .await;
                });
            }
        });
        format!("http://{address}/hook")
    }
    /// A server for mail; its port.
    pub async fn mail(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let (read, mut write) = stream.into_split();
                    let mut lines = BufReader::new(read).lines();
                    let (mut data, mut text) = (false, String::new());
                    let _ = write.write_all(b"220 here\r\n").await;
                    while let Ok(Some(line)) = lines.next_line().await {
                        let reply = match line.as_str() {
                            "." if data => {
                                data = false;
                                own.got.lock().unwrap().push(std::mem::take(&mut text));
                                "250 taken"
                            }
                            _ if data => {
                                text.push_str(&line);
                                text.push('\n');
                                continue;
                            }
                            "DATA" => {
                                data = true;
                                "354 go on"
                            }
                            _ => "250 fine",
                        };
                        let _ = write.write_all(format!("{reply}\r\n").as_bytes()).await;
                    }
                });
            }
        });
        port
    }
}
