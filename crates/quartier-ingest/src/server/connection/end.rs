use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;

/// How a connection comes to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client has said goodbye.
    Left { with_will: bool },
    /// The stream has broken off.
    Lost,
    /// The server ends it.
    Refused(DisconnectReasonCode),
}

impl End {
    /// Whether the client's last will is published.
    pub(super) fn publishes_will(self) -> bool {
        self != Self::Left { with_will: false }
    }

    /// Whether the client is to blame for what it sent.
    pub(super) fn is_violation(self) -> bool {
        use DisconnectReasonCode as Reason;
        matches!(
            self,
            Self::Refused(
                Reason::MalformedPacket
                    | Reason::ProtocolError
                    | Reason::PacketTooLarge
                    | Reason::TopicAliasInvalid
                    | Reason::TopicNameInvalid
                    | Reason::TopicFilterInvalid
                    | Reason::ReceiveMaximumExceeded
                    | Reason::UnspecifiedError
            )
        )
    }
}
