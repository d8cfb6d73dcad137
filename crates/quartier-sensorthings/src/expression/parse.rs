use quartier_model::EntityKind;

use super::{
    Comparison, DEPTH_MAX, Expr, ExpressionError, Function, Literal, Math, ValueNames,
    check::{check_arguments, check_condition, check_joins},
    error::shown,
    token::{Token, Tokens},
};

/// How tightly an operator binds, loosest first (`OData` 4.01, part 2, 5.1.1.17).
pub(super) mod binding {
    pub(crate) const ANY: u8 = 0;
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const EQUALITY: u8 = 3;
    pub(crate) const RELATION: u8 = 4;
    pub(crate) const SUM: u8 = 5;
    pub(crate) const PRODUCT: u8 = 6;
    pub(crate) const UNARY: u8 = 7;
    pub(crate) const PRIMARY: u8 = 8;
}

/// What a filter says.
pub(crate) fn parse_condition(text: &str, kind: EntityKind) -> Result<Expr, ExpressionError> {
    let mut parser = Parser::new(text, kind)?;
    let tree = parser.expression(binding::ANY)?;
    parser.end()?;
    check_condition(&tree.expr)
        .and_then(|()| check_joins(&tree.expr))
        .map_err(|reason| ExpressionError { at: 1, reason })?;
    Ok(tree.expr)
}

/// The keys of an order, each with whether it is turned round.
pub(crate) fn parse_order(
    text: &str,
    kind: EntityKind,
) -> Result<Vec<(Expr, bool)>, ExpressionError> {
    let mut parser = Parser::new(text, kind)?;
    let mut keys = Vec::new();
    loop {
        let place = parser.place;
        let key = parser.expression(binding::ANY)?.expr;
        check_joins(&key).map_err(|reason| parser.tokens.error(place, reason))?;
        let is_descending = parser.next == Token::Word("desc");
        if is_descending || parser.next == Token::Word("asc") {
            parser.advance()?;
        }
        keys.push((key, is_descending));
        if !parser.accept(&Token::Comma)? {
            parser.end()?;
            return Ok(keys);
        }
    }
}

/// An expression, and how deep it is.
struct Tree {
    expr: Expr,
    depth: usize,
}

enum Infix {
    Operator(Operator),
    In,
}

#[derive(Clone, Copy)]
enum Operator {
    And,
    Or,
    Compare(Comparison),
    Math(Math),
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    next: Token<'a>,
    /// Where `next` starts.
    place: usize,
    names: ValueNames,
    /// How many parentheses, calls and signs are open.
    open: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, kind: EntityKind) -> Result<Self, ExpressionError> {
        let mut tokens = Tokens::new(text)?;
        let place = tokens.place();
        let next = tokens.next()?;
        Ok(Self { tokens, next, place, names: ValueNames::new(kind), open: 0 })
    }

    fn expression(&mut self, loosest: u8) -> Result<Tree, ExpressionError> {
        let mut left = self.operand()?;
        while let Some((infix, binds)) = infix(&self.next).filter(|(_, binds)| *binds > loosest) {
            let place = self.place;
            self.advance()?;
            left = match infix {
                Infix::In => self.membership(left)?,
                Infix::Operator(operator) => {
                    let right = self.expression(binds)?;
                    joined(operator, left, right)
                        .map_err(|reason| self.tokens.error(place, reason))?
                }
            };
            self.check_depth(left.depth, place)?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Tree, ExpressionError> {
        let place = self.place;
        self.open += 1;
        self.check_depth(self.open, place)?;
        let tree = match self.advance()? {
            Token::Literal(literal) => Ok(leaf(Expr::Literal(literal))),
            Token::Open => {
                let tree = self.expression(binding::ANY)?;
                self.expect(&Token::Close, "`)`")?;
                Ok(tree)
            }
            Token::Minus => {
                let tree = self.expression(binding::UNARY)?;
                Ok(Tree { expr: Expr::Negative(Box::new(tree.expr)), depth: tree.depth + 1 })
            }
            Token::Word("not") => {
                let tree = self.expression(binding::UNARY)?;
                check_condition(&tree.expr).map_err(|reason| self.tokens.error(place, reason))?;
                Ok(Tree { expr: Expr::Not(Box::new(tree.expr)), depth: tree.depth + 1 })
            }
            Token::Word(word) if self.next == Token::Open => self.call(word, place),
            Token::Word(word) => self.word(word, place),
            other => Err(self.unexpected(&other, place, "a value")),
        }?;
        self.open -= 1;
        self.check_depth(tree.depth, place)?;
        Ok(tree)
    }

    fn word(&self, word: &str, place: usize) -> Result<Tree, ExpressionError> {
        let expr = match word {
            "null" => Expr::Literal(Literal::Null),
            "true" => Expr::Literal(Literal::Bool(true)),
            "false" => Expr::Literal(Literal::Bool(false)),
            _ => {
                let path = self.names.value(word);
                Expr::Path(path.map_err(|reason| self.tokens.error(place, reason))?)
            }
        };
        Ok(leaf(expr))
    }

    fn call(&mut self, word: &str, place: usize) -> Result<Tree, ExpressionError> {
        self.advance()?;
        if let Some(path) = word.strip_suffix("/any") {
            return self.any(path, place);
        }
        let Some(function) = Function::named(word) else {
            let reason = format!("`{}` is no function", shown(word));
            return Err(self.tokens.error(place, reason));
        };
        let (arguments, depth) =
            if self.accept(&Token::Close)? { (Vec::new(), 0) } else { self.list()? };
        check_arguments(function, &arguments).map_err(|reason| self.tokens.error(place, reason))?;
        Ok(Tree { expr: Expr::Call { function, arguments }, depth: depth + 1 })
    }

    /// What follows `Datastreams/any(`.
    fn any(&mut self, path: &str, place: usize) -> Result<Tree, ExpressionError> {
        let entities = self.names.entities(path);
        let (base, links, kind) = entities.map_err(|reason| self.tokens.error(place, reason))?;
        let variable_place = self.place;
        let variable = match self.advance()? {
            Token::Word(variable) if !variable.contains('/') => variable,
            other => return Err(self.unexpected(&other, variable_place, "a variable such as `d`")),
        };
        self.expect(&Token::Colon, "`:`")?;
        self.names.enter(variable, kind);
        let condition = self.expression(binding::ANY)?;
        self.names.leave();
        self.expect(&Token::Close, "`)`")?;
        check_condition(&condition.expr)
            .map_err(|reason| self.tokens.error(variable_place, reason))?;
        let depth = condition.depth + 1;
        Ok(Tree { expr: Expr::Any { base, links, condition: Box::new(condition.expr) }, depth })
    }

    /// What follows `value in`.
    fn membership(&mut self, value: Tree) -> Result<Tree, ExpressionError> {
        let place = self.place;
        let in_value = Box::new(value.expr);
        match self.advance()? {
            Token::Open => {
                let (list, depth) = self.list()?;
                let depth = value.depth.max(depth) + 1;
                Ok(Tree { expr: Expr::In { value: in_value, list }, depth })
            }
            Token::Word(word) => {
                let array = self.names.value(word);
                let array = array.map_err(|reason| self.tokens.error(place, reason))?;
                let expr = Expr::Within { value: in_value, array };
                Ok(Tree { expr, depth: value.depth + 1 })
            }
            other => Err(self.unexpected(&other, place, "a list in parentheses, or a path,")),
        }
    }

    /// One or more expressions up to the closing parenthesis, and how deep the deepest is.
    fn list(&mut self) -> Result<(Vec<Expr>, usize), ExpressionError> {
        let mut items = Vec::new();
        let mut depth = 0;
        loop {
            let tree = self.expression(binding::ANY)?;
            depth = depth.max(tree.depth);
            items.push(tree.expr);
            if !self.accept(&Token::Comma)? {
                self.expect(&Token::Close, "`,` or `)`")?;
                return Ok((items, depth));
            }
        }
    }

    fn advance(&mut self) -> Result<Token<'a>, ExpressionError> {
        self.place = self.tokens.place();
        let next = self.tokens.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn accept(&mut self, token: &Token<'_>) -> Result<bool, ExpressionError> {
        if self.next != *token {
            return Ok(false);
        }
        self.advance()?;
        Ok(true)
    }

    fn expect(&mut self, token: &Token<'_>, name: &str) -> Result<(), ExpressionError> {
        if self.accept(token)? {
            return Ok(());
        }
        Err(self.unexpected(&self.next, self.place, name))
    }

    fn end(&self) -> Result<(), ExpressionError> {
        match &self.next {
            Token::End => Ok(()),
            other => Err(self.unexpected(other, self.place, "an operator such as `and`")),
        }
    }

    fn unexpected(&self, token: &Token<'_>, place: usize, wanted: &str) -> ExpressionError {
        let found = match token {
            Token::Word(word) => format!("`{}`", shown(word)),
            Token::Literal(literal) => format!("`{}`", shown(&literal.to_string())),
            Token::Open => "`(`".to_owned(),
            Token::Close => "`)`".to_owned(),
            Token::Comma => "`,`".to_owned(),
            Token::Colon => "`:`".to_owned(),
            Token::Minus => "`-`".to_owned(),
            Token::End => "the end".to_owned(),
        };
        self.tokens.error(place, format!("{wanted} was expected, not {found}"))
    }

    fn check_depth(&self, depth: usize, place: usize) -> Result<(), ExpressionError> {
        if depth <= DEPTH_MAX {
            return Ok(());
        }
        let reason = format!("more than {DEPTH_MAX} expressions stand in one another");
        Err(self.tokens.error(place, reason))
    }
}

fn leaf(expr: Expr) -> Tree {
    Tree { expr, depth: 1 }
}

fn infix(token: &Token<'_>) -> Option<(Infix, u8)> {
    let Token::Word(word) = token else { return None };
    let comparison = |name: &str| Comparison::ALL.into_iter().find(|it| it.name() == name);
    let math = |name: &str| Math::ALL.into_iter().find(|it| it.name() == name);
    match *word {
        "or" => Some((Infix::Operator(Operator::Or), binding::OR)),
        "and" => Some((Infix::Operator(Operator::And), binding::AND)),
        "in" => Some((Infix::In, binding::EQUALITY)),
        name => comparison(name)
            .map(|it| (Infix::Operator(Operator::Compare(it)), it.binds()))
            .or_else(|| math(name).map(|it| (Infix::Operator(Operator::Math(it)), it.binds()))),
    }
}

fn joined(operator: Operator, left: Tree, right: Tree) -> Result<Tree, String> {
    if matches!(operator, Operator::And | Operator::Or) {
        check_condition(&left.expr)?;
        check_condition(&right.expr)?;
    }
    let depth = level(operator, &left).max(level(operator, &right));
    let boxed = (Box::new(left.expr), Box::new(right.expr));
    let expr = match (operator, boxed) {
        (Operator::And, (left, right)) => left.and(*right),
        (Operator::Or, (left, right)) => left.or(*right),
        (Operator::Compare(comparison), (left, right)) => Expr::Compare { comparison, left, right },
        (Operator::Math(operator), (left, right)) => Expr::Math { operator, left, right },
    };
    Ok(Tree { expr, depth })
}

/// How deep what comes of an operator is on this side: `a or b or c` is one list, not two in one another.
fn level(operator: Operator, side: &Tree) -> usize {
    match (operator, &side.expr) {
        (Operator::And, Expr::And(_)) | (Operator::Or, Expr::Or(_)) => side.depth,
        _ => side.depth + 1,
    }
}
