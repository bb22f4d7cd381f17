import ArgumentParser

/// `gatehouse completions`: what makes a shell complete commands, flags and values.
struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the script by which a shell completes this command.",
        discussion: """
            Completes commands, flags and the values that are known without a gateway: kinds, dialects, roles, states. \
            Put the script where the shell looks for it, and start a new shell:

            gatehouse completions bash > ~/.local/share/bash-completion/completions/gatehouse
            gatehouse completions zsh > "${fpath[1]}/_gatehouse"
            gatehouse completions fish > ~/.config/fish/completions/gatehouse.fish

            bash needs its package bash-completion for that; without it, a line in ~/.bashrc does the same:

            source <(gatehouse completions bash)
            """)

    /// The shells for which there is a script.
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

    @Argument(help: "the shell that is to complete") var shell: Shell

    func run() {
        Descriptor.output.write(Gatehouse.completionScript(for: shell.shell) + "\n")
    }
}
