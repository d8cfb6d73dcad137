use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::Result;

/// A client with kept connections.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    pub(crate) base: String,
}

/// What a server said, without what it said it with.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) bytes: usize,
}

impl Http {
    pub(crate) fn new(base: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Self { client, base: base.trim_end_matches('/').to_owned() }
    }

    /// The answer's body; an error where the status is none of 2xx.
    pub(crate) async fn get(&self, path: &str) -> Result<Bytes> {
        Ok(self.send(Method::GET, path, Bytes::new()).await?.1)
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<Bytes>) -> Result<Bytes> {
        Ok(self.send(Method::POST, path, body.into()).await?.1)
    }

    /// Reads the body to its end and keeps nothing of it.
    pub(crate) async fn tile(&self, path: &str, accept_encoding: Option<&str>) -> Result<Answer> {
        let mut request = Request::get(format!("{}{path}", self.base));
        if let Some(encodings) = accept_encoding {
            request = request.header(header::ACCEPT_ENCODING, encodings);
        }
        let answer = self.client.request(request.body(Full::default())?).await?;
        let status = answer.status();
        let mut body = answer.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            bytes += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(Answer { status, bytes })
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(Full::new(body))?;
        let answer = self.client.request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status.is_success() {
            return Ok((status, body));
        }
        Err(format!("{path}: {status}: {}", String::from_utf8_lossy(&body)).into())
    }
}
