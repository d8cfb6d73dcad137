use std::ops::Range;

/// The elements of one city object, in document order. Kept from object to object, so that its memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Element>,
    attributes: Vec<(Span, Span)>,
    text: String,
}

/// A place in the tree's text.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: usize,
    end: usize,
}

#[derive(Debug)]
struct Element {
    name: Span,
    attributes: Range<usize>,
    text: Span,
    /// The first element after this one's descendants.
    after: usize,
}

/// One element and all below it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    tree: &'a Tree,
    at: usize,
}

impl Tree {
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.attributes.clear();
        self.text.clear();
    }

    pub(crate) fn root(&self) -> Option<Node<'_>> {
        (!self.nodes.is_empty()).then_some(Node { tree: self, at: 0 })
    }

    /// Begins an element below those that are open, and says which one it is.
    pub(crate) fn start(&mut self, name: &str) -> usize {
        let name = self.keep(name);
        let attributes = self.attributes.len()..self.attributes.len();
        self.nodes.push(Element { name, attributes, text: Span::default(), after: usize::MAX });
        self.nodes.len() - 1
    }

    /// Gives the newest element an attribute.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let pair = (self.keep(name), self.keep(value));
        self.attributes.push(pair);
        if let Some(element) = self.nodes.last_mut() {
            element.attributes.end = self.attributes.len();
        }
    }

    /// Adds text to an open element. Text on both sides of a child is joined only where nothing came between.
    pub(crate) fn text(&mut self, at: usize, text: &str) {
        let is_layout = text.bytes().all(|byte| byte.is_ascii_whitespace());
        let has_text = self.nodes.get(at).is_some_and(|it| it.text.start < it.text.end);
        if is_layout && !has_text {
            return;
        }
        let added = self.keep(text);
        let Some(element) = self.nodes.get_mut(at) else { return };
        if !has_text {
            element.text = added;
        } else if element.text.end == added.start {
            element.text.end = added.end;
        }
    }

    pub(crate) fn end(&mut self, at: usize) {
        let after = self.nodes.len();
        if let Some(element) = self.nodes.get_mut(at) {
            element.after = after;
        }
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span { start, end: self.text.len() }
    }

    fn span(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

impl<'a> Node<'a> {
    fn element(self) -> &'a Element {
        // A node is made from an index into its own tree, which does not change while it is borrowed.
        &self.tree.nodes[self.at]
    }

    /// The name without its prefix.
    pub(crate) fn name(self) -> &'a str {
        self.tree.span(self.element().name)
    }

    pub(crate) fn text(self) -> &'a str {
        self.tree.span(self.element().text).trim()
    }

    /// An attribute by its name without a prefix.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        let attributes = self.tree.attributes.get(self.element().attributes.clone())?;
        let found = attributes.iter().find(|(known, _)| self.tree.span(*known) == name)?;
        Some(self.tree.span(found.1))
    }

    /// What tells two elements of a tree apart.
    pub(crate) fn key(self) -> usize {
        self.at
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Node<'a>> {
        let end = self.element().after.min(self.tree.nodes.len());
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let node = (at < end).then_some(Node { tree: self.tree, at })?;
            at = node.element().after;
            Some(node)
        })
    }

    /// This element and all below it, in document order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Node<'a>> {
        let end = self.element().after.min(self.tree.nodes.len());
        (self.at..end).map(move |at| Node { tree: self.tree, at })
    }

    pub(crate) fn child(self, name: &str) -> Option<Node<'a>> {
        self.children().find(|child| child.name() == name)
    }

    /// The first element of that name below this one.
    pub(crate) fn find(self, name: &str) -> Option<Node<'a>> {
        self.descendants().skip(1).find(|node| node.name() == name)
    }

    pub(crate) fn first(self) -> Option<Node<'a>> {
        self.children().next()
    }
}
