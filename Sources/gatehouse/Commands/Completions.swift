import ArgumentParser

/// `gatehouse completions`: a script with which a shell completes commands, flags and values.
struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the script that completes this command in a shell.",
        discussion: """
            The script completes commands, flags and the values that are known without a gateway: kinds, dialects, \
            roles, states. Put the script where the shell looks for it, and start a new shell:

            gatehouse completions bash > ~/.local/share/bash-completion/completions/gatehouse
            gatehouse completions zsh > "${fpath[1]}/_gatehouse"
            gatehouse completions fish > ~/.config/fish/completions/gatehouse.fish

            bash needs its package bash-completion for this; without the package, add this line to ~/.bashrc:

            source <(gatehouse completions bash)
            """)

    /// The shells that have a script.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var shell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "the name of the shell") var shell: Shell

    func run() {
        Descriptor.output.write(Gatehouse.completionScript(for: shell.shell) + "\n")
    }
}
