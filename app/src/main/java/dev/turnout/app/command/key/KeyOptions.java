package dev.turnout.app.command.key;

import dev.turnout.config.SettingKind;
import dev.turnout.schema.ApiKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code keys create} may say of a key. */
final class KeyOptions {
  private static final List<String> RIGHTS = List.of("ask", "decide", "administer");
  private static final String NONE = "none";

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Tenant of all that is asked with it. Default: ${DEFAULT-VALUE}.")
  private String tenant = "default";

  @Option(
      names = "--description",
      paramLabel = "WORDS",
      description = "What it is for, for people.")
  private String description = "";

  @Option(
      names = "--may",
      paramLabel = "RIGHT",
      split = ",",
      description = "ask, decide, administer, or none; with commas. Default: ask,decide.")
  private List<String> may = List.of("ask", "decide");

  @Option(
      names = "--grade-as",
      paramLabel = "GRADER",
      split = ",",
      description = "Names it may grade under; * for any. Default: it may not grade.")
  private List<String> graders = List.of();

  @Option(
      names = "--read",
      paramLabel = "TENANT",
      split = ",",
      description =
          "Tenants whose decisions and outcomes it may read; * for all, none for none. Default: its"
              + " own.")
  private List<String> read = List.of();

  @Option(
      names = "--llm",
      paramLabel = "LLM",
      split = ",",
      description = "LLMs that may answer. Default: all.")
  private List<String> llms = List.of();

  @Option(
      names = "--requests-per-minute",
      paramLabel = "N",
      description = "Requests in any 60 seconds, at each gateway. Default: no limit.")
  private @Nullable Long requests;

  @Option(
      names = "--tokens-per-minute",
      paramLabel = "N",
      description =
          "Tokens of prompts and answers in any 60 seconds, at each gateway. Default: no limit.")
  private @Nullable Long tokens;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Requests open at the same time, at each gateway. Default: no limit.")
  private @Nullable Integer concurrency;

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "After how long (90d, 12h) or when (2027-01-31T00:00:00Z). Default: never.")
  private @Nullable String expires;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * A new key of these options.
   *
   * @throws ParameterException naming the option that is wrong
   */
  ApiKey key(String id, String hash, Instant now) {
    boolean nothing = may.equals(List.of(NONE));
    for (String right : nothing ? List.<String>of() : may) {
      require(RIGHTS.contains(right), "--may " + right + " is none of " + RIGHTS + ", or none");
    }
    require(requests == null || requests > 0, "--requests-per-minute must be at least 1");
    require(tokens == null || tokens > 0, "--tokens-per-minute must be at least 1");
    require(concurrency == null || concurrency > 0, "--concurrency must be at least 1");
    List<String> readable = read.isEmpty() ? List.of(tenant) : read;
    Instant created = now.truncatedTo(ChronoUnit.MILLIS);
    return ApiKey.newBuilder()
        .setId(id)
        .setHash(hash)
        .setTenant(tenant)
        .setDescription(description)
        .setAsk(may.contains("ask"))
        .setDecide(may.contains("decide"))
        .setAdminister(may.contains("administer"))
        .setGraders(graders)
        .setReadTenants(readable.equals(List.of(NONE)) ? List.of() : readable)
        .setAllowedLlms(llms)
        .setRequestsPerMinute(requests)
        .setTokensPerMinute(tokens)
        .setConcurrency(concurrency)
        .setExpiresAt(expiry(created))
        .setCreatedAt(created)
        .build();
  }

  private @Nullable Instant expiry(Instant now) {
    if (expires == null) {
      return null;
    }
    Instant end;
    try {
      end =
          expires.indexOf('T') > 0 && expires.indexOf('-') > 0
              ? Instant.parse(expires)
              : now.plus(SettingKind.DURATION.read(expires));
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw new ParameterException(
          command.commandLine(),
          "--expires "
              + expires
              + " is neither a duration such as 90d nor a time such as"
              + " 2027-01-31T00:00:00Z");
    }
    require(end.isAfter(now), "--expires " + expires + " is over already");
    return end.truncatedTo(ChronoUnit.MILLIS);
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), problem);
    }
  }
}
