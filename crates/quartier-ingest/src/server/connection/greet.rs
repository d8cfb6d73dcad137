use std::{sync::Arc, time::Duration};

use mqtt_protocol_core::mqtt::result_code::ConnectReasonCode;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use uuid::Uuid;

use super::wire::Wire;
use crate::server::{
    Client, Credentials, Refusal, Topics, Transport,
    codec::{Connect, accept, read_connect, turn_away},
    limits::CONNECT_BYTES,
    mqtt_server::Shared,
    sessions::Claimed,
};

/// A client that has been let in.
pub(super) struct Greeted<S> {
    pub(super) wire: Wire<S>,
    pub(super) connect: Connect,
    pub(super) client: Client,
    pub(super) claimed: Claimed,
}

/// Reads the CONNECT and answers it. `None` if there is no connection after that.
pub(super) async fn greet<T, S>(
    shared: &Arc<Shared<T>>,
    stream: S,
    transport: Transport,
) -> Option<Greeted<S>>
where
    T: Topics,
    S: AsyncRead + AsyncWrite + Unpin,
{
    let limits = &shared.limits;
    let mut wire = Wire::new(stream, CONNECT_BYTES.min(limits.packet_bytes));
    let first = tokio::select! {
        first = timeout(limits.connect_timeout, wire.first_packet()) => first.ok()?.ok()?,
        () = shared.stopped() => return None,
    };
    let mut connect = match read_connect(&first) {
        Ok(connect) => connect,
        Err(error) => {
            if let Some(version) = error.version {
                say(wire, &turn_away(version, error.reason), limits.drain_timeout).await;
            }
            return None;
        }
    };
    match admit(shared, &mut connect, transport).await {
        Ok((client, claimed, answer)) => {
            wire.push(&answer);
            wire.allow(limits.packet_bytes);
            Some(Greeted { wire, connect, client, claimed })
        }
        Err(reason) => {
            say(wire, &turn_away(connect.version, reason), limits.drain_timeout).await;
            None
        }
    }
}

async fn admit<T: Topics>(
    shared: &Arc<Shared<T>>,
    connect: &mut Connect,
    transport: Transport,
) -> Result<(Client, Claimed, Vec<u8>), ConnectReasonCode> {
    let limits = &shared.limits;
    let assigned = connect.client_id.is_empty().then(|| format!("quartier-{}", Uuid::new_v4()));
    let client_id: Arc<str> = assigned.as_deref().unwrap_or(&connect.client_id).into();
    let credentials = Credentials {
        client_id: Arc::clone(&client_id),
        user: connect.user.take(),
        password: connect.password.take(),
        transport,
    };
    let client = shared.topics.connect(&credentials).map_err(|refusal| reason(&refusal))?;
    let wanted = connect.session_expiry;
    connect.session_expiry = wanted.min(limits.session_expiry);
    let told =
        (wanted != connect.session_expiry).then_some(connect.session_expiry.as_secs() as u32);
    let claimed = shared.sessions.claim(&client_id, connect.clean, limits.drain_timeout).await;
    let mut claimed = claimed.map_err(|_busy| ConnectReasonCode::ServerBusy)?;
    if let Some(discarded) = claimed.discarded.take() {
        shared.unsubscribe_all(&discarded);
    }
    let answer = accept(connect.version, claimed.present, assigned.as_deref(), told, limits);
    match answer {
        Ok(answer) => Ok((Client { id: client_id, ..client }, claimed, answer)),
        Err(error) => {
            tracing::warn!(%error, "the limits of the MQTT server make no CONNACK");
            shared.sessions.forget(&client_id, &claimed.session);
            Err(ConnectReasonCode::ImplementationSpecificError)
        }
    }
}

fn reason(refusal: &Refusal) -> ConnectReasonCode {
    match refusal {
        Refusal::BadCredentials => ConnectReasonCode::BadUserNameOrPassword,
        Refusal::NotAuthorized | Refusal::Topic(_) | Refusal::Payload(_) => {
            ConnectReasonCode::NotAuthorized
        }
        Refusal::Quota(_) => ConnectReasonCode::QuotaExceeded,
        Refusal::Unavailable(_) => ConnectReasonCode::ServerUnavailable,
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    mut wire: Wire<S>,
    answer: &[u8],
    patience: Duration,
) {
    wire.push(answer);
    // Whether the stranger still listens does not matter.
    let _ = timeout(patience, wire.close()).await;
}
