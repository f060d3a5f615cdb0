package dev.turnout.app.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;

/** Lists the commands under headings; commands no group names come last under "More". */
public record HelpGroups(List<Group> groups) implements IHelpSectionRenderer {
  /**
   * One heading and its commands.
   *
   * @param heading what the commands are for
   * @param commands names in the order of display; names that do not exist are left out
   */
  public record Group(String heading, List<String> commands) {}

  private static final int NAME_WIDTH = 17;
  private static final int INDENT = 2;

  public HelpGroups {
    groups = List.copyOf(groups);
  }

  @Override
  public String render(Help help) {
    StringBuilder text = new StringBuilder();
    List<String> rest = new ArrayList<>(help.commandSpec().subcommands().keySet());
    for (Group group : groups) {
      List<String> present = group.commands().stream().filter(rest::contains).toList();
      append(text, group.heading(), present, help);
      rest.removeAll(present);
    }
    append(text, "More", rest, help);
    return text.toString();
  }

  private static void append(StringBuilder text, String heading, List<String> names, Help help) {
    if (names.isEmpty()) {
      return;
    }
    text.append("%n".formatted()).append(help.colorScheme().text("@|bold " + heading + ":|@"));
    text.append("%n".formatted());
    int width = help.commandSpec().usageMessage().width();
    Help.TextTable table =
        Help.TextTable.forColumns(
            help.colorScheme(),
            new Help.Column(NAME_WIDTH, INDENT, Help.Column.Overflow.SPAN),
            new Help.Column(width - NAME_WIDTH, 0, Help.Column.Overflow.WRAP));
    Map<String, CommandLine> commands = help.commandSpec().subcommands();
    for (String name : names) {
      CommandLine command = commands.get(name);
      if (command == null) {
        continue;
      }
      String[] words = command.getCommandSpec().usageMessage().description();
      table.addRowValues(
          help.colorScheme().commandText(name),
          help.colorScheme().text(words.length == 0 ? "" : words[0]));
    }
    text.append(table);
  }
}
