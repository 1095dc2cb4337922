/// What is sent in the demo. The people are invented; the NHS number is of the range 999 that is kept for tests.
enum DemoFiles {
    static let minutes = """
        STRATEGY MEETING (invented for a demonstration)

        Child: Robin Sample, born 1 January 2019, NHS number 999 000 0018
        Present: children's social care, police, school nurse
        Agreed: a joint section 47 enquiry. Next meeting in 15 working days.

        """

    static let assessment = """
        EARLY HELP ASSESSMENT (invented for a demonstration)

        Family: Sample. Robin (7) and Alex (4) live with their mother.
        Asked of you: which help does the family get from your service, and who leads?

        """

    static let letter = """
        LETTER (invented for a demonstration)

        About Alex Sample's health, for the lead practitioner.

        """

    /// Somebody picked another point of Article 9 by hand, and no condition of Schedule 1 goes with it.
    static let letterLabel = """
        categories: [pd-01, sc-health]
        basis: { article-9: [A9-2-g] }

        """
}
