//! The same answers for the same paths, from memory: as fast as axum is. Prints where it listens.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its address is its output")]

use std::{collections::HashMap, fs, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri},
    response::{IntoResponse as _, Response},
    serve::ListenerExt as _,
};
use bytes::Bytes;
use clap::Parser;
use serde_json::{Map, Value};
use tokio::net::TcpListener;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
type Answers = HashMap<String, (HeaderMap, Bytes)>;

/// Serves answers that were written to a folder.
#[derive(Debug, Parser)]
struct Constant {
    /// Has `answers.json`: by path a `file` beside it, and `headers`.
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let answers = Constant::parse().answers()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("constant: {error}");
        }
    });
    let router = Router::new().fallback(answer).with_state(Arc::new(answers));
    Ok(axum::serve(listener, router).await?)
}

async fn answer(State(answers): State<Arc<Answers>>, uri: Uri) -> Response {
    match answers.get(uri.path()) {
        Some((headers, body)) => (headers.clone(), body.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Constant {
    fn answers(&self) -> Result<Answers> {
        let list = fs::read_to_string(self.folder.join("answers.json"))?;
        let list: Map<String, Value> = serde_json::from_str(&list)?;
        list.iter().map(|(path, told)| Ok((path.clone(), self.read(told)?))).collect()
    }

    fn read(&self, told: &Value) -> Result<(HeaderMap, Bytes)> {
        let file = told["file"].as_str().ok_or("an answer has no file")?;
        let headers = told["headers"].as_object().ok_or("an answer has no headers")?;
        let headers = headers.iter().map(|(name, value)| {
            let value = HeaderValue::from_str(value.as_str().ok_or("a header is no text")?)?;
            Ok((name.parse::<HeaderName>()?, value))
        });
        Ok((headers.collect::<Result<HeaderMap>>()?, fs::read(self.folder.join(file))?.into()))
    }
}
