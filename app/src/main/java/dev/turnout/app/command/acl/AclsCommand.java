package dev.turnout.app.command.acl;

import dev.turnout.access.AccessCatalogue;
import dev.turnout.access.Role;
import dev.turnout.app.config.Configuration;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.console.ConsoleSettings;
import dev.turnout.grader.GraderSettings;
import dev.turnout.learner.LearnerSettings;
import dev.turnout.router.RouterSettings;
import dev.turnout.topic.GroupNames;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.Delivery;
import dev.turnout.worker.WorkerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the ACLs that a role needs. */
@Command(
    name = "acls",
    mixinStandardHelpOptions = true,
    description = {
      "Print the rights on topics and groups that each role needs, and no others.",
      "",
      "For a Kafka that refuses what is not allowed. Follows the configuration: prefix of the"
          + " topics, application ids, delivery of workers, reply topics. Asks no broker and"
          + " changes nothing: run what it prints with an administrator's credentials."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout acls --role router --config turnout.yaml",
      "  turnout acls --role worker --llm gpt-5 --principal User:gpt-workers",
      "  turnout acls --role all --format strimzi --cluster my-cluster",
      "",
      "Applications are producers, who send queries, and feedback, which sends grades.",
      "An operator runs topics, llms, models, tenants, keys, query, dlq and check."
    })
public final class AclsCommand implements Callable<Integer> {

  private static final String ALL = "all";

  /** What the program can print. */
  enum Format {
    KAFKA,
    STRIMZI
  }

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description =
          "router, learner, worker, grader, gateway, console, operator, producer, feedback,"
              + " autoscaler, connect-source, connect-sink, or all.")
  private String role = "";

  @Option(
      names = "--principal",
      paramLabel = "TYPE:NAME",
      description = "Who is granted the rights. Default: User:turnout-ROLE.")
  private @Nullable String principal;

  @Option(
      names = "--llm",
      paramLabel = "LLM",
      description =
          "LLM of the workers; repeatable. Default: worker.llm, else the workers of every LLM.")
  private List<String> llms = List.of();

  @Option(
      names = "--format",
      description = "kafka for calls of kafka-acls.sh, strimzi for KafkaUsers. Default: kafka.")
  private Format format = Format.KAFKA;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Strimzi's Kafka resource. Default: ${DEFAULT-VALUE}.")
  private String cluster = "my-cluster";

  @Option(
      names = "--authentication",
      paramLabel = "TYPE",
      description =
          "Strimzi's type: scram-sha-512, tls or tls-external. Default: ${DEFAULT-VALUE}.")
  private String authentication = "scram-sha-512";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration of the roles; without it the environment variables alone.")
  private @Nullable Path config;

  @Option(names = "--prefix", description = "First word of the topics' names.")
  private @Nullable String prefix;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> overrides = new HashMap<>();
    if (prefix != null) {
      overrides.put("topics.prefix", prefix);
    }
    SettingValues values = Configuration.read(config, System.getenv(), overrides);
    ConnectionSettings connection = ConnectionSettings.from(values);
    List<Principal> principals = principals(values, connection);
    if (principal != null && principals.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--principal is for one role and one LLM; without it each has a principal of its own");
    }
    PrintWriter out = spec.commandLine().getOut();
    for (Principal each : principals) {
      out.print(
          format == Format.KAFKA
              ? new KafkaAclLines(connection.bootstrapServers()).text(each)
              : new StrimziUser(cluster, authentication).text(each));
    }
    out.flush();
    return 0;
  }

  private List<Principal> principals(SettingValues values, ConnectionSettings connection) {
    AccessCatalogue access =
        new AccessCatalogue(
            connection.topics(),
            connection.replyTopics(),
            RouterSettings.from(values, "").applicationId(),
            LearnerSettings.from(values).applicationId(),
            ConsoleSettings.from(values).applicationId(),
            GraderSettings.from(values).id(),
            WorkerSettings.delivery(values) == Delivery.SHARE_GROUP);
    List<String> ofWorkers = llms.isEmpty() ? WorkerSettings.llms(values) : llms;
    List<Principal> principals = new ArrayList<>();
    for (Role each : roles()) {
      if (each == Role.WORKER && !ofWorkers.isEmpty()) {
        for (String llm : ofWorkers) {
          principals.add(
              new Principal(
                  name("worker-" + TopicCatalogue.sanitise(llm)),
                  "workers of LLM " + oneLine(llm),
                  access.worker(llm)));
        }
      } else {
        principals.add(new Principal(name(each.word()), purpose(each), access.of(each)));
      }
    }
    return principals;
  }

  private List<Role> roles() {
    if (role.equalsIgnoreCase(ALL)) {
      return List.of(Role.values());
    }
    return Arrays.stream(Role.values())
        .filter(each -> each.word().equalsIgnoreCase(role))
        .findFirst()
        .map(List::of)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "--role " + role + " is none of " + names() + "; all prints every one"));
  }

  private String name(String of) {
    return principal == null ? "User:turnout-" + of : principal;
  }

  private static String purpose(Role role) {
    return switch (role) {
      case ROUTER -> "routers, with the budget ledger";
      case LEARNER -> "learners";
      case WORKER -> "workers of every LLM; --llm LLM prints those of one";
      case GRADER -> "graders";
      case GATEWAY -> "gateways";
      case CONSOLE -> "the console";
      case OPERATOR -> "people who operate it with this program's commands";
      case PRODUCER ->
          "an application that sends queries; READ on its own reply topic comes on top";
      case FEEDBACK -> "an application that sends grades";
      case AUTOSCALER -> "what watches the lag of routers and graders, e.g. KEDA";
      case CONNECT_SOURCE ->
          "connectors that bring queries and grades, of workers with group.id "
              + GroupNames.CONNECT_WORKERS;
      case CONNECT_SINK -> "connectors that write decisions, outcomes and grades elsewhere";
    };
  }

  private static String names() {
    return String.join(", ", Arrays.stream(Role.values()).map(Role::word).toList());
  }

  /** For a comment, which a line break would end. */
  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
