//! One connection, from its first byte to its last: a state machine that one task polls.

mod end;
mod greet;
mod held;
mod incoming;
mod leave;
mod outgoing;
mod subscribe;
mod wire;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    future::Future as _,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesOrdered};
use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, Sleep, sleep_until},
};

use self::{
    end::End,
    greet::{Greeted, greet},
    held::Held,
    incoming::Done,
    wire::Wire,
};
use super::{
    Topics, Transport,
    codec::{self, Reasons, Version},
    counters::count,
    delivery::Delivery,
    limits::WRITE_AHEAD_BYTES,
    mqtt_server::Shared,
    session::Session,
};

/// Serves a stream until it ends.
pub(super) async fn run<T, S>(shared: Arc<Shared<T>>, stream: S, transport: Transport)
where
    T: Topics,
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Some(greeted) = greet(&shared, stream, transport).await else {
        return count(&shared.counters.turned_away);
    };
    count(&shared.counters.accepted);
    let connection = Box::new(Connection::new(Arc::clone(&shared), greeted));
    if shared.is_stopping() {
        connection.held.session().outbox.end(DisconnectReasonCode::ServerShuttingDown);
    }
    connection.serve().await;
}

struct Connection<T: Topics, S> {
    shared: Arc<Shared<T>>,
    held: Held<T>,
    version: Version,
    wire: Wire<S>,
    reasons: Reasons,
    warned: bool,

    /// What the caller is asked and the client is answered, in the order of the client's packets.
    asked: FuturesOrdered<BoxFuture<'static, Done>>,
    asked_bytes: usize,
    /// Publishes of `QoS` 2 among them.
    receiving: HashSet<u16>,
    aliases: HashMap<u16, Arc<str>>,

    retained: VecDeque<Delivery>,
    /// How many of `session.sent` have been sent on this connection.
    sent: usize,
    window: usize,
    packet_bytes: usize,

    keep_alive: Option<Duration>,
    heard: Instant,
    stalled: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// Turns of one connection before another gets its turn on the thread.
const TURNS: usize = 16;

impl<T: Topics, S: AsyncRead + AsyncWrite + Unpin> Connection<T, S> {
    fn new(shared: Arc<Shared<T>>, greeted: Greeted<S>) -> Self {
        let Greeted { wire, connect, client, claimed } = greeted;
        let mut held = Held::new(Arc::clone(&shared), Arc::new(client), claimed.session);
        held.expiry = connect.session_expiry;
        held.will = connect.will;
        Self {
            shared,
            held,
            version: connect.version,
            wire,
            reasons: connect.reasons,
            warned: false,
            asked: FuturesOrdered::new(),
            asked_bytes: 0,
            receiving: HashSet::new(),
            aliases: HashMap::new(),
            retained: VecDeque::new(),
            sent: 0,
            window: connect.receive_maximum.into(),
            packet_bytes: connect.packet_bytes as usize,
            // One and a half times what the client has promised (MQTT 5, 3.1.2.10).
            keep_alive: (!connect.keep_alive.is_zero()).then(|| connect.keep_alive * 3 / 2),
            heard: Instant::now(),
            stalled: None,
            timer: None,
        }
    }

    async fn serve(mut self: Box<Self>) {
        let end = std::future::poll_fn(|cx| self.poll_end(cx)).await;
        self.leave(end).await;
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        self.session().outbox.watch(cx.waker());
        for _ in 0..TURNS {
            match self.turn(cx) {
                Err(end) => return Poll::Ready(end),
                Ok(true) => {}
                Ok(false) => return self.poll_patience(cx).map(End::Refused),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Does what can be done at once; tells whether anything could.
    fn turn(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        if let Some(reason) = self.session().outbox.ended() {
            return Err(End::Refused(reason));
        }
        let answered = self.take_answers(cx)?;
        self.send_waiting();
        let written = self.wire.poll_write(cx).map_err(|_gone| End::Lost)? > 0;
        if written || self.wire.ahead() == 0 {
            self.stalled = None;
        }
        if self.wire.ahead() > 0 {
            self.stalled.get_or_insert_with(Instant::now);
        }
        Ok(self.take_packets(cx)? || answered || written)
    }

    fn take_answers(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let mut any = false;
        while self.wire.ahead() < WRITE_AHEAD_BYTES
            && let Poll::Ready(Some(done)) = self.asked.poll_next_unpin(cx)
        {
            self.answer(done)?;
            any = true;
        }
        Ok(any)
    }

    fn take_packets(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let mut any = false;
        while self.may_read() {
            match self.wire.next_packet() {
                Ok(Some(packet)) => {
                    let packet = codec::read(self.version, &packet).map_err(End::Refused)?;
                    self.take(packet)?;
                    any = true;
                }
                Err(error) => return Err(End::Refused(error.into())),
                Ok(None) => match self.wire.poll_read(cx) {
                    Poll::Pending => return Ok(any),
                    Poll::Ready(Ok(1..)) => self.heard = Instant::now(),
                    Poll::Ready(_) => return Err(End::Lost),
                },
            }
        }
        // The client's signs of life are not seen while nothing is read.
        self.heard = Instant::now();
        Ok(any)
    }

    /// Back-pressure: nothing is read from a client that the caller or the client itself cannot keep up with.
    fn may_read(&self) -> bool {
        self.asked.len() < self.shared.limits.receive_maximum.into()
            && self.asked_bytes < self.shared.limits.receiving_bytes
            && self.wire.ahead() < WRITE_AHEAD_BYTES
    }

    /// Ready when the client has been silent, or has not read, for too long.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<DisconnectReasonCode> {
        loop {
            let silent = self.keep_alive.map(|keep_alive| self.heard + keep_alive);
            let stalled = self.stalled.map(|since| since + self.shared.limits.write_stall);
            let Some(next) = silent.into_iter().chain(stalled).min() else {
                self.timer = None;
                return Poll::Pending;
            };
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(next)));
            if timer.deadline() > next || timer.is_elapsed() {
                timer.as_mut().reset(next);
            }
            ready!(timer.as_mut().poll(cx));
            let now = Instant::now();
            if !self.may_read() {
                self.heard = now;
            }
            if stalled.is_some_and(|at| at <= now) {
                count(&self.shared.counters.slow);
                return Poll::Ready(DisconnectReasonCode::QuotaExceeded);
            }
            if silent.is_some_and(|at| at <= now) && self.may_read() {
                return Poll::Ready(DisconnectReasonCode::KeepAliveTimeout);
            }
        }
    }

    fn session(&mut self) -> &mut Session {
        self.held.session_mut()
    }
}
