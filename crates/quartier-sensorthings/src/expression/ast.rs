use super::{Function, Literal, parse::binding};
use crate::path::{JsonKey, Navigation, Property};

/// An expression over entities of one kind. Every name in it is known: it was looked up as it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Literal(Literal),
    Path(ValuePath),
    /// Two or more, none of them an `And` itself.
    And(Vec<Expr>),
    /// Two or more, none of them an `Or` itself.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare {
        comparison: Comparison,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Math {
        operator: Math,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Negative(Box<Expr>),
    /// `properties/code in ('IT', 'NL')`.
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
    },
    /// `'tag' in properties/tags`: one of the places of an array.
    Within {
        value: Box<Expr>,
        array: ValuePath,
    },
    Call {
        function: Function,
        arguments: Vec<Expr>,
    },
    /// `Datastreams/any(d: d/name eq 'x')`. Inside, the entity is the variable of the number of `any` around this.
    Any {
        base: Base,
        links: Vec<Navigation>,
        condition: Box<Expr>,
    },
}

/// A property, here or behind links. Where a link leads to many, what is asked holds if it holds for one of them;
/// all paths of an expression that lead over the same links speak of the same one (as a join does).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuePath {
    pub base: Base,
    pub links: Vec<Navigation>,
    pub property: Property,
    pub keys: Vec<JsonKey>,
}

/// Where a path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Base {
    /// At the entity that is asked about.
    #[default]
    Entity,
    /// At the entity of an `any`: 0 is the outermost.
    Variable(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Math {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

impl Comparison {
    pub const ALL: [Self; 6] = [
        Self::Equal,
        Self::NotEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Less,
        Self::LessOrEqual,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "ge",
            Self::Less => "lt",
            Self::LessOrEqual => "le",
        }
    }

    pub(super) const fn binds(self) -> u8 {
        match self {
            Self::Equal | Self::NotEqual => binding::EQUALITY,
            _ => binding::RELATION,
        }
    }

    /// What it is when its sides are exchanged.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            same => same,
        }
    }
}

impl Math {
    pub const ALL: [Self; 5] = [Self::Add, Self::Sub, Self::Mul, Self::Div, Self::Mod];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::Mod => "mod",
        }
    }

    pub(super) const fn binds(self) -> u8 {
        match self {
            Self::Add | Self::Sub => binding::SUM,
            Self::Mul | Self::Div | Self::Mod => binding::PRODUCT,
        }
    }
}
