/// All that an agency needs of its ledger, for those who need two of the three. Whoever needs one asks for that one.
package protocol Ledger: EventLog, Notebook, Witnessing {}
