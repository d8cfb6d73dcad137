use serde_json::{Value, json};

use super::{path, plain};

pub(super) fn paths() -> Vec<(String, Value)> {
    let document = |said: &str| plain(said, "application/json", &json!({ "type": "object" }));
    let text = plain("Metrics", "text/plain", &json!({ "type": "string" }));
    let health = document("The server answers");
    let ready = document("It is; 503 until then");
    vec![
        path("/health", operation("health", "How the server and its store are", &health)),
        path("/ready", operation("ready", "Whether the city is loaded", &ready)),
        path("/metrics", operation("metrics", "Metrics for Prometheus", &text)),
    ]
}

fn operation(id: &str, summary: &str, good: &Value) -> Value {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    json!({
        "tags": ["operations"],
        "operationId": id,
        "summary": summary,
        "responses": { "200": good, "default": problem },
    })
}
