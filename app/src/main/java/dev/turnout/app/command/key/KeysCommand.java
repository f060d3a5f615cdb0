package dev.turnout.app.command.key;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.app.command.ActionsCommand;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.gateway.access.KeyJson;
import dev.turnout.gateway.access.KeySecret;
import dev.turnout.schema.ApiKey;
import dev.turnout.topic.LogText;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes, lists and revokes keys of the gateway; effective within a second, without a restart. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = {
      "Make, list and revoke keys of the gateway; no gateway restarts.",
      "",
      "A key says who asks: its tenant, what it may do and how much. Its secret is printed once and"
          + " kept nowhere; what is kept is a SHA-256 of it."
    },
    synopsisSubcommandLabel = "ACTION",
    commandListHeading = "%nActions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout keys create --tenant acme --requests-per-minute 600 --concurrency 20",
      "  turnout keys create --id rater --tenant acme --may none --grade-as user",
      "  turnout keys create --llm gpt-5,mistral-small --expires 90d",
      "  turnout keys list",
      "  turnout keys revoke k3f91c07a2be4   within a second nobody gets in with it",
      "",
      "With --file the keys are those of gateway.keys-file instead of the topic of keys."
    })
public final class KeysCommand extends ActionsCommand {

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a key and print its secret, this once.",
      footerHeading = "%nExample:%n",
      footer = "  turnout keys create --tenant acme --tokens-per-minute 200000 --expires 90d")
  void create(
      @Option(
              names = "--id",
              paramLabel = "ID",
              description = "What it is called; letters, digits, dots, hyphens. Default: made up.")
          @Nullable String id,
      @Mixin KeyOptions options,
      @Option(names = "--file", paramLabel = "FILE", description = "Add it to this file.")
          @Nullable Path file,
      @Option(
              names = "--json",
              description = "Print one JSON object instead of words: the key, and its secret.")
          boolean json,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    String name = id == null ? KeySecret.newId() : id;
    String secret = KeySecret.create(name);
    ApiKey key = options.key(name, KeySecret.hash(secret), Instant.now());
    KeySource source = KeySource.of(file, where);
    if (source.keys().containsKey(name)) {
      throw new CommandFailure(
          "key " + name + " is on " + source.name() + " already; choose another --id");
    }
    source.keep(key);
    if (json) {
      ObjectNode object = KeyJson.shown(key);
      object.put("secret", secret);
      out().println(object);
    } else {
      out()
          .println(
              LogText.visible(
                  "key "
                      + name
                      + " of tenant "
                      + key.getTenant()
                      + " may "
                      + KeyListing.rights(key)));
      out().println("secret: " + secret);
      out()
          .println(
              "It is shown this once; clients send it as Authorization: Bearer, x-api-key or"
                  + " api-key.");
    }
    out().flush();
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the keys with tenant, rights, limits and state.",
      footerHeading = "%nExample:%n",
      footer = "  turnout keys list --json")
  void list(
      @Mixin ConnectionOptions where,
      @Option(names = "--file", paramLabel = "FILE", description = "Those of this file.")
          @Nullable Path file,
      @Option(names = "--json", description = "End with one JSON object: keys.") boolean json) {
    KeyListing listing = new KeyListing(KeySource.of(file, where).keys().values(), Instant.now());
    answer(listing.text(), json, listing::json);
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show all that is kept of a key but the hash of its secret.",
      footerHeading = "%nExample:%n",
      footer = "  turnout keys show k3f91c07a2be4 --json")
  void show(
      @Parameters(paramLabel = "KEY", description = "Its id.") String id,
      @Mixin ConnectionOptions where,
      @Option(names = "--file", paramLabel = "FILE", description = "One of this file.")
          @Nullable Path file,
      @Option(names = "--json", description = "End with one JSON object: key.") boolean json) {
    KeySource source = KeySource.of(file, where);
    ApiKey key = require(source.keys(), "key", id, source.name());
    ObjectNode shown = KeyJson.shown(key);
    StringBuilder text = new StringBuilder(new KeyListing(List.of(key), Instant.now()).text());
    shown
        .properties()
        .forEach(
            field ->
                text.append(
                    "%s: %s%n"
                        .formatted(field.getKey(), LogText.visible(field.getValue().toString()))));
    answer(text.toString(), json, () -> Map.of("key", shown));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Let nobody in with a key any more; requests that are open end as they would.",
      footerHeading = "%nExample:%n",
      footer = "  turnout keys revoke k3f91c07a2be4")
  void revoke(
      @Parameters(paramLabel = "KEY", description = "Its id.") String id,
      @Option(names = "--file", paramLabel = "FILE", description = "One of this file.")
          @Nullable Path file,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    KeySource source = KeySource.of(file, where);
    ApiKey key = require(source.keys(), "key", id, source.name());
    if (key.getRevokedAt() == null) {
      source.keep(
          ApiKey.newBuilder(key)
              .setRevokedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
              .build());
    }
    say("key " + id + " is revoked: nobody gets in with it any more.");
  }
}
