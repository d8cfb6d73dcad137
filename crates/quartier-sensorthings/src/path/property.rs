use std::fmt;

use quartier_model::EntityKind;

/// A property of some kind of entity that is no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// `@iot.id`, also written `id`.
    Id,
    SelfLink,
    Name,
    Description,
    Definition,
    EncodingType,
    Metadata,
    Properties,
    Location,
    Feature,
    Time,
    UnitOfMeasurement,
    UnitOfMeasurements,
    ObservationType,
    MultiObservationDataTypes,
    ObservedArea,
    PhenomenonTime,
    ResultTime,
    Result,
    ResultQuality,
    ValidTime,
    Parameters,
}

/// A step into a property whose value is JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum JsonKey {
    /// A member of an object; a place in an array, where it is a number.
    Name(String),
    /// `[0]`: a place in an array only.
    Index(usize),
}

/// The property of this name at entities of this kind.
pub fn property(kind: EntityKind, name: &str) -> Option<Property> {
    match name {
        "id" | "@iot.id" => Some(Property::Id),
        "@iot.selfLink" => Some(Property::SelfLink),
        _ => properties(kind).iter().copied().find(|property| property.name() == name),
    }
}

/// What entities of a kind have beside id and self link, in the order in which answers list it.
pub fn properties(kind: EntityKind) -> &'static [Property] {
    use Property as P;
    match kind {
        EntityKind::Thing => &[P::Name, P::Description, P::Properties],
        EntityKind::Location => {
            &[P::Name, P::Description, P::EncodingType, P::Location, P::Properties]
        }
        EntityKind::HistoricalLocation => &[P::Time],
        EntityKind::Datastream => &[
            P::Name,
            P::Description,
            P::ObservationType,
            P::UnitOfMeasurement,
            P::ObservedArea,
            P::PhenomenonTime,
            P::ResultTime,
            P::Properties,
        ],
        EntityKind::MultiDatastream => &[
            P::Name,
            P::Description,
            P::ObservationType,
            P::MultiObservationDataTypes,
            P::UnitOfMeasurements,
            P::ObservedArea,
            P::PhenomenonTime,
            P::ResultTime,
            P::Properties,
        ],
        EntityKind::Sensor => {
            &[P::Name, P::Description, P::EncodingType, P::Metadata, P::Properties]
        }
        EntityKind::ObservedProperty => &[P::Name, P::Definition, P::Description, P::Properties],
        EntityKind::Observation => &[
            P::PhenomenonTime,
            P::ResultTime,
            P::Result,
            P::ResultQuality,
            P::ValidTime,
            P::Parameters,
        ],
        EntityKind::FeatureOfInterest => {
            &[P::Name, P::Description, P::EncodingType, P::Feature, P::Properties]
        }
    }
}

impl Property {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "@iot.id",
            Self::SelfLink => "@iot.selfLink",
            Self::Name => "name",
            Self::Description => "description",
            Self::Definition => "definition",
            Self::EncodingType => "encodingType",
            Self::Metadata => "metadata",
            Self::Properties => "properties",
            Self::Location => "location",
            Self::Feature => "feature",
            Self::Time => "time",
            Self::UnitOfMeasurement => "unitOfMeasurement",
            Self::UnitOfMeasurements => "unitOfMeasurements",
            Self::ObservationType => "observationType",
            Self::MultiObservationDataTypes => "multiObservationDataTypes",
            Self::ObservedArea => "observedArea",
            Self::PhenomenonTime => "phenomenonTime",
            Self::ResultTime => "resultTime",
            Self::Result => "result",
            Self::ResultQuality => "resultQuality",
            Self::ValidTime => "validTime",
            Self::Parameters => "parameters",
        }
    }

    /// Whether its value is JSON that one can step into.
    pub const fn is_json(self) -> bool {
        matches!(
            self,
            Self::Metadata
                | Self::Properties
                | Self::Location
                | Self::Feature
                | Self::UnitOfMeasurement
                | Self::UnitOfMeasurements
                | Self::MultiObservationDataTypes
                | Self::ObservedArea
                | Self::Result
                | Self::ResultQuality
                | Self::Parameters
        )
    }
}

impl fmt::Display for Property {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for JsonKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(formatter, "/{name}"),
            Self::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}
