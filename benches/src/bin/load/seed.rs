use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};

use crate::{Result, http::Http};

const AT_ONCE: usize = 32;
const QUANTITIES: [(&str, &str); 4] =
    [("NO2", "µg/m³"), ("PM10", "µg/m³"), ("Temperature", "°C"), ("Noise", "dB(A)")];

#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// For example `http://127.0.0.1:8080/sensorthings/v1.1`.
    url: String,
    #[arg(long, default_value_t = 1_000)]
    things: u64,
    /// West, south, east, north, in degrees.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true)]
    within: Vec<f64>,
}

impl Seed {
    pub(crate) async fn run(self) -> Result<Value> {
        let http = Http::new(&self.url);
        let sensor = json!({ "name": "gauge", "description": "", "encodingType": "text/plain", "metadata": "-" });
        http.post("/Sensors", sensor.to_string()).await?;
        for (name, _) in QUANTITIES {
            let property =
                json!({ "name": name, "definition": format!("urn:{name}"), "description": name });
            http.post("/ObservedProperties", property.to_string()).await?;
        }
        let sent = stream::iter(0..self.things).map(|number| {
            let (http, thing) = (http.clone(), self.thing(number));
            async move { http.post("/Things", thing.to_string()).await }
        });
        let created: Vec<_> = sent.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(json!({ "things": created.len(), "datastreams": created.len() * QUANTITIES.len() }))
    }

    fn thing(&self, number: u64) -> Value {
        let [west, south, east, north] = self.within[..] else { return Value::Null };
        // The golden ratio's multiples are spread evenly.
        let spread = |step: f64| (number as f64 * step).fract();
        let (x, y) = (
            west + (east - west) * spread(0.618_033_988_7),
            south + (north - south) * spread(0.754_877_666_2),
        );
        let datastreams: Vec<Value> = QUANTITIES
            .iter()
            .zip(1..)
            .map(|((name, unit), id)| datastream(number, name, unit, id))
            .collect();
        json!({
            "name": format!("station {number}"), "description": "", "properties": { "number": number },
            "Locations": [{
                "name": "here", "description": "", "encodingType": "application/geo+json",
                "location": { "type": "Point", "coordinates": [x, y] },
            }],
            "Datastreams": datastreams,
        })
    }
}

fn datastream(number: u64, name: &str, unit: &str, property: u64) -> Value {
    json!({
        "name": format!("{name} of {number}"), "description": "",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": { "name": unit, "symbol": unit, "definition": unit },
        "Sensor": { "@iot.id": 1 }, "ObservedProperty": { "@iot.id": property },
    })
}
