package dev.turnout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** The layering of this module: a pure core that knows neither Kafka nor the machine. */
@AnalyzeClasses(packages = "dev.turnout", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule SHOULD_NOT_KNOW_KAFKA =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "org.apache.avro..",
              "dev.turnout.schema..",
              "dev.turnout.serde..",
              "dev.turnout.topic..")
          .because("the router model is used without Kafka as well");

  @ArchTest
  static final ArchRule CORE_SHOULD_NOT_READ_CLOCKS =
      noClasses()
          .that()
          .resideInAnyPackage("dev.turnout.model..", "dev.turnout.policy..", "dev.turnout.train..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .callMethod(Instant.class, "now")
          .because("time comes in through parameters, so that each result repeats");

  @ArchTest
  static final ArchRule CORE_SHOULD_NOT_TOUCH_FILES =
      noClasses()
          .that()
          .resideInAnyPackage("dev.turnout.model..", "dev.turnout.policy..", "dev.turnout.train..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.net..")
          .because("reading and writing are thin shells around the core");

  @ArchTest
  static final ArchRule POLICIES_SHOULD_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.turnout.policy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "dev.turnout.encoder..", "dev.turnout.train..")
          .because("a policy is a function from scores to a selection");
}
