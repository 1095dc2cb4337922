internal import Law
package import Ledger
internal import Policy
package import Vocabulary

/// Where in a partner's inbox a received file stands: `NAME` in the folder of its route; or `unknown-route/NAME`, because no
/// agreement of the two knows that route. A sender may make up as many routes as it likes: they make no folder. Only
/// `urgent` has one whatever the agreements say, because that is where people look.
///
/// The record keeps that text (`place`), so that it is found again when agreements have changed.
package struct InboxPlace: Hashable, Sendable {
    /// Whose folder it lies in.
    package let folder: RouteName
    package let name: String
    package let text: String

    package static let unknown = "unknown-route"
    /// As the shipped agreements call the route of emergencies.
    fileprivate static let urgent = "urgent"

    /// For a file that is about to be published.
    init(_ name: String, route: RouteName, isKnown: Bool) throws(Malformed) {
        folder = isKnown ? route : try RouteName(Self.unknown)
        self.name = name
        text = folder == route ? name : "\(Self.unknown)/\(name)"
    }

    /// Nil for a record that no longer says it, such as an erased one.
    package init?(_ record: ConsignmentRecord) {
        guard let place = record.place else { return nil }
        let prefix = Self.unknown + "/"
        let isApart = place.hasPrefix(prefix)
        guard let folder = isApart ? try? RouteName(Self.unknown) : record.route else { return nil }
        (self.folder, text) = (folder, place)
        name = isApart ? String(place.dropFirst(prefix.count)) : place
    }

    /// `FOLDER/NAME` below the partner's inbox.
    package var path: String { "\(folder)/\(name)" }
}

extension LoadedLaw {
    /// Whether an agreement of the two has this route, whatever its dates; or any of ours as that of emergencies.
    func knows(_ route: RouteName, between sender: AgencyID, _ us: AgencyID) -> Bool {
        if route.text == InboxPlace.urgent || isUrgent(route, sideCar: nil) { return true }
        return current.agreements.contains { agreement in
            agreement.route(route) != nil
                && [sender, us].allSatisfy { id in agreement.parties.contains { $0.id == id } }
        }
    }

    /// The folder of the inbox for what comes on a route.
    package func inboxFolder(_ route: RouteName, from sender: AgencyID, to us: AgencyID) throws(Malformed) -> RouteName
    {
        try InboxPlace("", route: route, isKnown: knows(route, between: sender, us)).folder
    }
}
