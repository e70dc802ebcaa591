//! Assesses folders without the command line, for looking at figures: `assess DATA DIR... [--rules DIR]`.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a tool for developers

use std::path::PathBuf;
use std::sync::Arc;
use wardkeep_app::{App, Config, Ctx, DataFolder, assess};
use wardkeep_types::{Clock as _, SystemClock};

#[tokio::main]
async fn main() -> Result<(), wardkeep_app::Error> {
    let mut words = std::env::args().skip(1);
    let data = words.next().unwrap_or_else(|| "assess-data".into());
    let (mut paths, mut rules): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            "--rules" => rules.extend(words.next().map(PathBuf::from)),
            path => paths.push(path.into()),
        }
    }
    let folder = DataFolder::create(data.as_ref())?;
    let (app, _) = App::open(folder, Config::default(), Arc::new(SystemClock)).await?;
    let ctx = Ctx::system("assess", SystemClock.now());
    let options = assess::Options { paths, rules, as_of: None };
    let done = app.assess(&ctx, &options, Arc::new(()), Arc::default()).await?;
    let mut json = done.to_json();
    if let Some(object) = json.as_object_mut() {
        for list in ["problems", "not_understood"] {
            let count = object.get(list).and_then(|l| l.as_array()).map_or(0, Vec::len);
            object.insert(list.into(), count.into());
        }
    }
    println!("{}", serde_json::to_string_pretty(&json).unwrap_or_default());
    for control in &done.posture.controls {
        println!("{:<28} {:>6.4} {}", control.state.word(), control.shown, control.name);
    }
    std::fs::write("/tmp/posture.html", wardkeep_report::posture_html(&done.posture)).ok();
    Ok(())
}
