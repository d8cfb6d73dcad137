use std::{
    fmt::Write as _,
    fs,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    Result,
    http::{Answer, Http},
    tally::{milliseconds, rate},
};

#[derive(Debug, Args)]
pub(crate) struct Tiles {
    url: String,
    /// Paths, a line each. An empty line ends a view: its tiles are all there before the next one's are asked for.
    list: PathBuf,
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Again from the start until so long has passed; once where it is left out.
    #[arg(long)]
    seconds: Option<u64>,
    /// A request that takes longer has failed, and counts as long.
    #[arg(long, default_value_t = 60)]
    timeout_s: u64,
    #[arg(long)]
    accept_encoding: Option<String>,
    /// Where to write what was asked, a line each: status (0 for none), milliseconds, bytes, path.
    #[arg(long)]
    ledger: Option<PathBuf>,
}

struct Asked {
    path: Arc<str>,
    answer: Option<Answer>,
    took: Duration,
}

impl Tiles {
    pub(crate) async fn run(self) -> Result<Value> {
        let http = Http::new(&self.url);
        let views = views(&fs::read_to_string(&self.list)?);
        let started = Instant::now();
        let (mut asked, mut views_took) = (Vec::new(), Vec::new());
        loop {
            for view in &views {
                let begun = Instant::now();
                asked.extend(self.ask(&http, view).await);
                views_took.push(begun.elapsed());
            }
            if self.seconds.is_none_or(|seconds| started.elapsed() > Duration::from_secs(seconds)) {
                break;
            }
        }
        let took = started.elapsed();
        self.note(&asked)?;
        let mut outcome = milliseconds(asked.iter().map(|it| it.took).collect());
        outcome["rate"] = rate(asked.len() as u64, took);
        outcome["failed"] = json!(asked.iter().filter(|it| it.is_failed()).count());
        outcome["bytes"] = asked.iter().map(|it| it.bytes() as u64).sum::<u64>().into();
        outcome["views"] = milliseconds(views_took);
        Ok(outcome)
    }

    async fn ask(&self, http: &Http, view: &[Arc<str>]) -> Vec<Asked> {
        let requests = view.iter().map(|path| self.ask_one(http, Arc::clone(path)));
        stream::iter(requests).buffer_unordered(self.connections).collect().await
    }

    async fn ask_one(&self, http: &Http, path: Arc<str>) -> Asked {
        let begun = Instant::now();
        let answer = http.tile(&path, self.accept_encoding.as_deref());
        let answer = timeout(Duration::from_secs(self.timeout_s), answer).await;
        Asked { path, answer: answer.ok().and_then(Result::ok), took: begun.elapsed() }
    }

    fn note(&self, asked: &[Asked]) -> Result<()> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        let mut lines = String::new();
        for it in asked {
            let status = it.answer.as_ref().map_or(0, |answer| answer.status.as_u16());
            let took_ms = it.took.as_secs_f64() * 1000.0;
            writeln!(lines, "{status} {took_ms:.3} {} {}", it.bytes(), it.path)?;
        }
        Ok(fs::write(ledger, lines)?)
    }
}

impl Asked {
    fn is_failed(&self) -> bool {
        self.answer.as_ref().is_none_or(|answer| !answer.status.is_success())
    }

    fn bytes(&self) -> usize {
        self.answer.as_ref().map_or(0, |answer| answer.bytes)
    }
}

fn views(text: &str) -> Vec<Vec<Arc<str>>> {
    let views = text.split("\n\n").map(|view| view.lines().map(Arc::from).collect());
    views.filter(|view: &Vec<_>| !view.is_empty()).collect()
}
