//! What the values of a record mean: hexadecimal texts, numbers of calls and faults, labels, addresses.

use super::record::{Pair, Record};
use super::words;
use std::borrow::Cow;

impl<'l> Record<'l> {
    pub(super) fn put(
        &mut self,
        name: &'static str,
        value: String,
        written: Option<(Cow<'l, str>, &'l str)>,
    ) {
        let raw = written.as_ref().map_or("", |(_, raw)| raw);
        self.pairs.push(Pair { name: Cow::Borrowed(name), value, written, raw });
    }

    pub(super) fn pair(&mut self, name: Cow<'l, str>, value: &'l str, quoted: bool) {
        // Not said.
        if name.is_empty()
            || matches!(value, "" | "?" | "(null)")
            || (name == "key" && value.starts_with("(null)"))
        {
            return;
        }
        match &*name {
            "subj" | "obj" => return self.label(&name, value),
            "key" => {
                let names = if quoted {
                    value.to_owned()
                } else {
                    words::unhex(value.trim_end_matches('"')).unwrap_or_else(|| value.to_owned())
                };
                // Old kernels wrote the name twice in changes of rules.
                let names = names.strip_prefix("key=").unwrap_or(&names);
                self.keys.extend(names.split(['\u{1}', '\0']).filter(|k| !k.is_empty()).map(str::to_owned));
                return;
            }
            "res" | "success" | "result" => {
                let word = match value.trim_end_matches(['\'', ')', ',']) {
                    "yes" | "1" | "success" => "success",
                    "no" | "0" | "failed" | "fail" => "fail",
                    other => other,
                };
                return self.put("result", word.to_owned(), Some((name, value)));
            }
            "saddr" if !quoted => return self.address(value),
            _ => {}
        }
        let read = if quoted { None } else { self.read(&name, value) };
        let written = read.is_some().then(|| (name.clone(), value));
        self.pairs.push(Pair { name, value: read.unwrap_or_else(|| value.to_owned()), written, raw: value });
    }

    /// What an unquoted value says, when that is something else than its letters.
    fn read(&self, name: &str, value: &str) -> Option<String> {
        match name {
            "auid" | "ses" | "old-auid" => matches!(value, "4294967295" | "-1").then(|| "unset".to_owned()),
            "sig" if self.kind == "SECCOMP" => value.parse().ok().and_then(words::signal).map(str::to_owned),
            "arch" => words::arch(value).map(str::to_owned),
            "proctitle" => words::unhex(value).map(|text| text.trim_end_matches('\0').replace('\0', " ")),
            "exe" | "comm" | "cmd" | "cwd" | "name" | "acct" | "data" | "path" | "dir" | "watch" | "vm"
            | "grp" | "new_group" | "old-disk" | "new-disk" | "device" | "file" | "ocomm" => {
                words::unhex(value)
            }
            _ if &*self.kind == "EXECVE"
                && name.starts_with('a')
                && name != "argc"
                && !name.ends_with("_len") =>
            {
                words::unhex(value)
            }
            _ => None,
        }
    }

    /// A security label: user, role, domain, level and, where there is one, category.
    fn label(&mut self, whose: &str, value: &'l str) {
        let parts: [&'static str; 5] = if whose == "subj" {
            ["subj_user", "subj_role", "subj_domain", "subj_level", "subj_category"]
        } else {
            ["obj_user", "obj_role", "obj_domain", "obj_level", "obj_category"]
        };
        for (name, part) in parts.into_iter().zip(value.splitn(5, ':')) {
            self.put(name, part.to_owned(), None);
        }
    }

    fn address(&mut self, hex: &'l str) {
        let written = Some((Cow::Borrowed("saddr"), hex));
        match words::address(hex) {
            Some(words::Address::Ip { family, address, port }) => {
                self.put("family", family.to_owned(), written);
                self.put("addr", address, None);
                self.put("port", port.to_string(), None);
            }
            Some(words::Address::Path(path)) => {
                self.put("family", "unix".to_owned(), written);
                self.put("path", path, None);
            }
            Some(words::Address::Other(family)) => {
                self.put("family", family, None);
                self.put("saddr", hex.to_owned(), None);
            }
            None => self.put("saddr", hex.to_owned(), None),
        }
    }

    /// The number of a call means something only beside its architecture.
    pub(super) fn interpret_numbers(&mut self) {
        let arch = self.get("arch").map(str::to_owned);
        for pair in &mut self.pairs {
            let read = match &*pair.name {
                "syscall" => pair
                    .value
                    .parse()
                    .ok()
                    .and_then(|n| words::syscall(arch.as_deref().unwrap_or("x86_64"), n)),
                "exit" => pair.value.strip_prefix('-').and_then(|n| words::errno(n.parse().ok()?)),
                _ => None,
            };
            if let Some(read) = read {
                pair.value = read.to_owned();
                pair.written = Some((pair.name.clone(), pair.raw));
            }
        }
    }
}
