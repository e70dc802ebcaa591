//! Makes EVTX files, byte by byte: for tests, and for the seeds of fuzzing.

const CHUNK: usize = 65_536;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Binary XML of `<name>` around `inside`, for an element that begins at `at` within the chunk.
fn element(at: usize, name: &str, inside: impl FnOnce(usize) -> Vec<u8>) -> Vec<u8> {
    // Token, size, offset of the name, and the name itself, which follows at once.
    let name_at = at + 9;
    let mut name_bytes = vec![0; 4];
    let hash = name.encode_utf16().fold(0_u32, |h, c| h.wrapping_mul(65_599).wrapping_add(u32::from(c)));
    name_bytes.extend((hash as u16).to_le_bytes());
    name_bytes.extend((name.len() as u16).to_le_bytes());
    name_bytes.extend(utf16(name));
    name_bytes.extend([0, 0]);
    let mut body = vec![0x02];
    body.extend(inside(name_at + name_bytes.len() + 1));
    body.push(0x04);
    let mut out = vec![0x01];
    out.extend((4 + name_bytes.len() as u32 + body.len() as u32).to_le_bytes());
    out.extend((name_at as u32).to_le_bytes());
    out.extend(name_bytes);
    out.extend(body);
    out
}

fn text(value: &str) -> Vec<u8> {
    let mut out = vec![0x05, 0x01];
    out.extend((value.len() as u16).to_le_bytes());
    out.extend(utf16(value));
    out
}

/// A record that says who signed in, beginning at `at` within the chunk.
pub fn record(at: usize, id: u64, user: &str) -> Vec<u8> {
    let mut xml = vec![0x0f, 0x01, 0x01, 0x00];
    xml.extend(element(at + 24 + 4, "Event", |at| {
        let mut out = element(at, "System", |at| {
            let mut out = element(at, "EventID", |_| text("4624"));
            out.extend(element(at + out.len(), "Channel", |_| text("Security")));
            out.extend(element(at + out.len(), "Computer", |_| text("HOST1")));
            out
        });
        out.extend(element(at + out.len(), "EventData", |at| element(at, "TargetUserName", |_| text(user))));
        out
    }));
    xml.push(0x00);
    let size = (24 + xml.len() + 4) as u32;
    let mut out = b"\x2a\x2a\0\0".to_vec();
    out.extend(size.to_le_bytes());
    out.extend(id.to_le_bytes());
    // 2020-09-13T12:26:40Z in units of 100 ns since 1601.
    out.extend(((1_600_000_000_u64 + 11_644_473_600) * 10_000_000).to_le_bytes());
    out.extend(xml);
    out.extend(size.to_le_bytes());
    out
}

/// A whole file of one chunk.
pub fn file(users: &[&str]) -> Vec<u8> {
    let mut chunk = vec![0; 512];
    let mut last = 512;
    for (index, user) in users.iter().enumerate() {
        last = chunk.len();
        chunk.extend(record(last, index as u64 + 1, user));
    }
    let free = chunk.len() as u32;
    chunk.resize(CHUNK, 0);
    chunk[..8].copy_from_slice(b"ElfChnk\0");
    let mut put = |at: usize, bytes: &[u8]| chunk[at..at + bytes.len()].copy_from_slice(bytes);
    for (at, number) in [(8, 1), (16, users.len() as u64), (24, 1), (32, users.len() as u64)] {
        put(at, &number.to_le_bytes());
    }
    for (at, number) in [(40, 128_u32), (44, last as u32), (48, free)] {
        put(at, &number.to_le_bytes());
    }
    let mut out = vec![0; 4_096];
    out[..8].copy_from_slice(b"ElfFile\0");
    out[24..32].copy_from_slice(&(users.len() as u64 + 1).to_le_bytes());
    out[32..36].copy_from_slice(&128_u32.to_le_bytes());
    out[36..38].copy_from_slice(&1_u16.to_le_bytes());
    out[38..40].copy_from_slice(&3_u16.to_le_bytes());
    out[40..42].copy_from_slice(&4_096_u16.to_le_bytes());
    out[42..44].copy_from_slice(&1_u16.to_le_bytes());
    out.extend(chunk);
    out
}
