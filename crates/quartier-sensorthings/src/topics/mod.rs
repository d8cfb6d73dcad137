//! SensorThings over MQTT (18-088, 14): what topics mean, whatever server carries them.

mod concern;
mod publish;
mod render;
mod subscription;

pub use subscription::Subscription;
