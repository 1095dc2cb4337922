internal import ArgumentParser
internal import Foundation
internal import Premises

/// `--config FILE`, else `$WAYBILL_CONFIG`, else `/etc/waybill/waybill.yaml`.
struct InstallationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "The settings (else $WAYBILL_CONFIG, else /etc/waybill/waybill.yaml).")
    var configuration: String?

    func premises() throws -> InstalledAgency {
        let named = configuration ?? ProcessInfo.processInfo.environment["WAYBILL_CONFIG"]
        return try InstalledAgency(configuration: named ?? "/etc/waybill/waybill.yaml")
    }
}
