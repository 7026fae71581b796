import { expect } from "chai";
import { network } from "hardhat";
import type { WEGManager } from "../../types/ethers-contracts/index.js";
import { documentOf, fieldsOf, NO_END, nameOf } from "../support/contract-values.js";
import { deploySuite, issuePassport, productIdOf, type Suite, WEG_NAMESPACE } from "../support/deploy-suite.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DOCUMENT = documentOf("a motor");

/** A further manager, with an issuer, that nobody has admitted yet. */
const deployManager = async ({ accounts, factory, registry }: Suite): Promise<WEGManager> => {
  const manager = await ethers.deployContract("WEGManager", [
    {
      registry: await registry.getAddress(),
      factory: await factory.getAddress(),
      admin: accounts.admin.address,
      guardian: accounts.guardian.address,
      adminDelay: 0,
    },
  ]);
  await manager.setIssuingCap(100);
  await manager.setIssuingLimit(accounts.issuer, 100, NO_END);
  return manager;
};

const deployed = async () => {
  const suite = await deploySuite(connection);
  return { ...suite, next: await deployManager(suite) };
};

describe("PassportRegistry", () => {
  describe("admitManufacturer", () => {
    it("new namespace and manager, numbers the manufacturer on and admits both", async () => {
      const { next, registry } = await loadFixture(deployed);
      const namespace = "https://id.other.example/motors/";
      expect(await registry.admitManufacturer.staticCall(namespace, next)).to.equal(2n);
      const admitting = await registry.admitManufacturer(namespace, next);
      await expect(admitting).to.emit(registry, "ManufacturerAdmitted").withArgs(2, namespace);
      await expect(admitting)
        .to.emit(registry, "ManagerAdmitted")
        .withArgs(2, await next.getAddress());
      expect(await registry.manufacturerCount()).to.equal(2n);
      expect(await registry.namespaceOf(2)).to.equal(namespace);
      expect(fieldsOf(await registry.admissionOf(next))).to.deep.equal({
        manufacturerId: 2n,
        namespaceLength: BigInt(namespace.length),
        suspended: false,
        namespaceHash: ethers.dataSlice(ethers.id(namespace), 0, 24),
      });
    });

    for (const namespace of [
      "https://a/",
      "https://id.weg.net/",
      "https://xn--grn-hoa.example/",
      "https://id-2.weg.example/",
      "https://id.weg.example.evil/",
      "https://id.weg2.example/Motors/W22_x~y-z.1/",
      `https://${"h".repeat(119)}/`,
    ]) {
      it(`namespace ${namespace.slice(0, 50)} of ${namespace.length} characters, is taken`, async () => {
        const { next, registry } = await loadFixture(deployed);
        await registry.admitManufacturer(namespace, next);
        expect(await registry.namespaceOf(2)).to.equal(namespace);
      });
    }

    // The index at which it is refused, by the words of the specification.
    for (const [problem, namespace, index] of [
      ["no slash at the end", "https://id.weg.net", 18],
      ["no slash at the end of its path", "https://id.weg.net/motors", 25],
      ["nothing but a scheme", "https://", 8],
      ["nothing at all", "", 0],
      ["another scheme", "http://id.weg.net/", 0],
      ["no scheme", "id.weg.net/motors/", 0],
      ["its scheme in capitals", "HTTPS://id.weg.net/", 0],
      ["a space first", " https://id.weg.net/", 0],
      ["a host in capitals", "https://id.WEG.net/", 11],
      ["a host with an underscore", "https://id_weg.net/", 10],
      ["a host with a letter outside ASCII", "https://grün.net/", 10],
      ["no host", "https:///motors/", 8],
      ["a dot for a host", "https://./", 8],
      ["an empty label", "https://id..net/", 11],
      ["a dot behind the host", "https://id.weg.net./", 19],
      ["a port", "https://id.weg.net:443/", 18],
      ["user information", "https://weg@id.weg.net/", 11],
      ["user information with a password", "https://weg:secret@id.weg.net/", 11],
      ["an escape", "https://id.weg.net/a%2fb/", 20],
      ["a query", "https://id.weg.net/?motors/", 19],
      ["a fragment", "https://id.weg.net/#motors/", 19],
      ["a backslash", "https://id.weg.net/a\\b/", 20],
      ["a backslash behind the host", "https://id.weg.net\\evil.example/", 18],
      ["an empty segment", "https://id.weg.net//motors/", 19],
      ["two slashes at the end", "https://id.weg.net/motors//", 26],
      ["a dot segment", "https://id.weg.net/./motors/", 19],
      ["a segment of two dots", "https://id.weg.net/motors/../", 26],
      ["a segment that begins with a dot", "https://id.weg.net/.well-known/", 19],
      ["a segment that ends with a dot", "https://id.weg.net/motors./", 26],
      ["a space", "https://id.weg.net/a b/", 20],
      ["a line feed", "https://id.weg.net/a\n/", 20],
      ["a zero byte", "https://id.weg.net/a\0/", 20],
      ["a delete character", "https://id.weg.net/a\x7f/", 20],
      ["an at sign in its path", "https://id.weg.net/@motors/", 19],
      ["129 characters", `https://${"h".repeat(120)}/`, 129],
    ] as const) {
      it(`namespace with ${problem}, is refused`, async () => {
        const { next, registry } = await loadFixture(deployed);
        const { interface: identifiers } = await ethers.getContractAt("ProductIdentifiers", ethers.ZeroAddress);
        await expect(registry.admitManufacturer(namespace, next))
          .to.be.revertedWithCustomError({ interface: identifiers }, "NamespaceInvalid")
          .withArgs(namespace, index);
        expect(await registry.manufacturerCount()).to.equal(1n);
      });
    }

    it("admitted namespace, is refused", async () => {
      const { next, registry } = await loadFixture(deployed);
      await expect(registry.admitManufacturer(WEG_NAMESPACE, next))
        .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceTaken")
        .withArgs(WEG_NAMESPACE, WEG_NAMESPACE);
    });

    it("namespace within an admitted one, near or far, is refused", async () => {
      const { next, registry } = await loadFixture(deployed);
      for (const within of [`${WEG_NAMESPACE}motors/`, `${WEG_NAMESPACE}motors/w22/frames/`]) {
        await expect(registry.admitManufacturer(within, next))
          .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceTaken")
          .withArgs(within, WEG_NAMESPACE);
      }
    });

    it("namespace around an admitted one, near or far, is refused and names the one beneath", async () => {
      const suite = await loadFixture(deployed);
      const { next, registry } = suite;
      const beneath = "https://shared.example/brands/other/";
      await registry.admitManufacturer(beneath, next);
      const third = await deployManager(suite);
      for (const around of ["https://shared.example/", "https://shared.example/brands/"]) {
        await expect(registry.admitManufacturer(around, third))
          .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceTaken")
          .withArgs(around, beneath);
      }
    });

    it("namespace beside an admitted one, on the same host or one that begins alike, is taken", async () => {
      const suite = await loadFixture(deployed);
      const { registry } = suite;
      for (const namespace of [
        "https://shared.example/brand/",
        "https://shared.example/brands/",
        "https://shared.example/br/",
        "https://id.weg.example.evil/",
        "https://id.weg.exampl/",
        "https://weg.example/",
      ]) {
        await registry.admitManufacturer(namespace, await deployManager(suite));
      }
      expect(await registry.manufacturerCount()).to.equal(7n);
    });

    it("manager without code, is refused", async () => {
      const { accounts, registry } = await loadFixture(deployed);
      for (const manager of [accounts.stranger.address, ethers.ZeroAddress]) {
        await expect(registry.admitManufacturer("https://id.weg.net/", manager))
          .to.be.revertedWithCustomError(registry, "PassportRegistryManagerWithoutCode")
          .withArgs(manager);
      }
      expect(await registry.manufacturerCount()).to.equal(1n);
    });

    it("manager of another manufacturer, is refused", async () => {
      const { manager, registry } = await loadFixture(deployed);
      await expect(registry.admitManufacturer("https://id.weg.net/", manager))
        .to.be.revertedWithCustomError(registry, "PassportRegistryManagerAdmitted")
        .withArgs(await manager.getAddress(), 1);
    });

    it("refused admission, leaves its paths free for the next", async () => {
      const { manager, next, registry } = await loadFixture(deployed);
      await registry.admitManufacturer("https://id.weg.net/a/b/", manager).catch(() => undefined);
      await registry.admitManufacturer("https://id.weg.net/", next);
      expect(await registry.namespaceOf(2)).to.equal("https://id.weg.net/");
    });
  });

  describe("admitManager", () => {
    it("second manager of a manufacturer, joins its namespace and issues in it beside the first", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager, next, registry } = suite;
      await expect(registry.admitManager(1, next))
        .to.emit(registry, "ManagerAdmitted")
        .withArgs(1, await next.getAddress());
      expect(fieldsOf(await registry.admissionOf(next))).to.deep.equal(fieldsOf(await registry.admissionOf(manager)));
      expect(await registry.manufacturerCount()).to.equal(1n);

      const first = await issuePassport(suite, { productId: productIdOf(901) });
      const second = await issuePassport({ ...suite, manager: next }, { productId: productIdOf(902) });
      expect(await first.manager()).to.equal(await manager.getAddress());
      expect(await second.manager()).to.equal(await next.getAddress());
      expect(await registry.isPassport(second)).to.equal(true);
      await next.connect(accounts.issuer).issue(productIdOf(903), accounts.owner, DOCUMENT);
    });

    it("product of the first manager, is never reassigned by the second, retired or suspended or not", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager, next, registry } = suite;
      await registry.admitManager(1, next);
      const productId = productIdOf(901);
      const passport = await issuePassport(suite, { productId });
      const issueAgain = () => next.connect(accounts.issuer).issue(productId, accounts.owner, DOCUMENT);
      const expectRefused = async () =>
        expect(issueAgain())
          .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
          .withArgs(productId, await passport.getAddress());

      await expectRefused();
      await passport.connect(accounts.owner).attest(nameOf("DECOMMISSIONED"), DOCUMENT);
      await passport.connect(accounts.recycler).attest(nameOf("RECYCLED"), DOCUMENT);
      await expectRefused();
      await registry.connect(accounts.guardian).suspendIssuing(manager);
      await expectRefused();
      expect(await registry.passportOfProduct(productId)).to.equal(await passport.getAddress());
    });

    it("number of no manufacturer, is refused", async () => {
      const { next, registry } = await loadFixture(deployed);
      for (const manufacturerId of [0n, 2n, 2n ** 48n + 1n, 2n ** 256n - 1n]) {
        await expect(registry.admitManager(manufacturerId, next))
          .to.be.revertedWithCustomError(registry, "PassportRegistryManufacturerUnknown")
          .withArgs(manufacturerId);
      }
    });

    it("manager that is admitted, to this or another manufacturer, is refused", async () => {
      const { manager, next, registry } = await loadFixture(deployed);
      await registry.admitManufacturer("https://id.weg.net/", next);
      for (const [manufacturerId, admitted, to] of [
        [1, manager, 1],
        [2, manager, 1],
        [1, next, 2],
      ] as const) {
        await expect(registry.admitManager(manufacturerId, admitted))
          .to.be.revertedWithCustomError(registry, "PassportRegistryManagerAdmitted")
          .withArgs(await admitted.getAddress(), to);
      }
    });

    it("manager without code, is refused", async () => {
      const { accounts, registry } = await loadFixture(deployed);
      await expect(registry.admitManager(1, accounts.stranger))
        .to.be.revertedWithCustomError(registry, "PassportRegistryManagerWithoutCode")
        .withArgs(accounts.stranger.address);
    });
  });

  describe("productId", () => {
    for (const productId of [
      `${WEG_NAMESPACE}1`,
      `${WEG_NAMESPACE}01/09521234567899`,
      `${WEG_NAMESPACE}01/09521234567899/10/BATCH-7/21/S.n_1~2`,
      `${WEG_NAMESPACE}!"#$%&'()*+,-./0:;<=>?@A[\\]^_\`a{|}~`,
      WEG_NAMESPACE.padEnd(256, "9"),
    ]) {
      it(`${productId.slice(0, 70)} of ${productId.length} characters, is registered`, async () => {
        const suite = await loadFixture(deployed);
        const passport = await issuePassport(suite, { productId });
        expect(await passport.productId()).to.equal(productId);
        expect(await suite.registry.passportOf(ethers.id(productId))).to.equal(await passport.getAddress());
      });
    }

    for (const [problem, productId] of [
      ["of a neighbour whose host begins alike", "https://id.weg.example.evil/01/09521234567899/21/1"],
      ["of another manufacturer", "https://id.weg.net/01/09521234567899/21/1"],
      ["under another scheme", "http://id.weg.example/01/09521234567899/21/1"],
      ["with a host in capitals", "https://id.WEG.example/01/09521234567899/21/1"],
      ["with a port", "https://id.weg.example:443/01/09521234567899/21/1"],
      ["with user information", "https://id.weg.example@evil.example/01/1"],
      ["that is its namespace without the slash", "https://id.weg.example"],
      ["that is empty", ""],
    ] as const) {
      it(`${problem}, is refused as foreign`, async () => {
        const suite = await loadFixture(deployed);
        const { accounts, manager, registry } = suite;
        await expect(manager.connect(accounts.issuer).issue(productId, accounts.owner, DOCUMENT))
          .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceForeign")
          .withArgs(productId, await manager.getAddress());
      });
    }

    it("of another admitted manufacturer, is refused both ways", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager, next, registry } = suite;
      await registry.admitManufacturer("https://id.weg.example.evil/", next);
      for (const [issuing, productId] of [
        [manager, "https://id.weg.example.evil/1"],
        [next, productIdOf(1)],
      ] as const) {
        await expect(issuing.connect(accounts.issuer).issue(productId, accounts.owner, DOCUMENT))
          .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceForeign")
          .withArgs(productId, await issuing.getAddress());
      }
      await issuePassport({ ...suite, manager: next }, { productId: "https://id.weg.example.evil/1" });
    });

    for (const [problem, productId, length] of [
      ["that names nothing behind its namespace", WEG_NAMESPACE, 23],
      ["of 257 characters", WEG_NAMESPACE.padEnd(257, "9"), 257],
    ] as const) {
      it(`${problem}, is refused`, async () => {
        const { accounts, manager } = await loadFixture(deployed);
        const { interface: identifiers } = await ethers.getContractAt("ProductIdentifiers", ethers.ZeroAddress);
        await expect(manager.connect(accounts.issuer).issue(productId, accounts.owner, DOCUMENT))
          .to.be.revertedWithCustomError({ interface: identifiers }, "ProductIdLengthInvalid")
          .withArgs(productId, length);
      });
    }

    // The check goes by 32 characters, from the namespace's 23 on.
    for (const [problem, rest, index] of [
      ["a space", "01/0952 1234567899", 23],
      ["a line feed", "01/09521234567899\n", 23],
      ["a tab", "\t01/09521234567899", 23],
      ["a zero byte", "01/09521234567899/21/1\0", 23],
      ["a delete character", "01/\x7f", 23],
      ["a letter outside ASCII", "01/Prüfling", 23],
      ["a space late", `01/09521234567899/21/${"9".repeat(20)} `, 55],
    ] as const) {
      it(`with ${problem}, is refused`, async () => {
        const { accounts, manager } = await loadFixture(deployed);
        const { interface: identifiers } = await ethers.getContractAt("ProductIdentifiers", ethers.ZeroAddress);
        await expect(manager.connect(accounts.issuer).issue(WEG_NAMESPACE + rest, accounts.owner, DOCUMENT))
          .to.be.revertedWithCustomError({ interface: identifiers }, "ProductIdCharacterInvalid")
          .withArgs(WEG_NAMESPACE + rest, index);
      });
    }
  });

  describe("listFactory", () => {
    it("factory of this registry, is listed behind the others with the hash of its passports' code", async () => {
      const { factory, registry } = await loadFixture(deployed);
      const second = await ethers.deployContract("DigitalPassportFactory", [await registry.getAddress()]);
      const implementation = await second.implementation();
      const codeHash = ethers.keccak256(await ethers.provider.getCode(implementation));
      await expect(registry.listFactory(second))
        .to.emit(registry, "FactoryListed")
        .withArgs(await second.getAddress(), implementation, codeHash);
      expect([...(await registry.factories())]).to.deep.equal([await factory.getAddress(), await second.getAddress()]);
      expect(await registry.implementationCodeHashOf(second)).to.equal(codeHash);
    });

    it("factory of the suite, has the hash of the code that its passports run", async () => {
      const { factory, implementation, registry } = await loadFixture(deployed);
      expect(await factory.implementation()).to.equal(await implementation.getAddress());
      expect(await registry.implementationCodeHashOf(factory)).to.equal(
        ethers.keccak256(await ethers.provider.getCode(implementation)),
      );
    });

    it("listed factory, is refused", async () => {
      const { factory, registry } = await loadFixture(deployed);
      await expect(registry.listFactory(factory))
        .to.be.revertedWithCustomError(registry, "PassportRegistryFactoryListed")
        .withArgs(await factory.getAddress());
      expect(await registry.factories()).to.have.length(1);
    });

    it("factory of another registry, is refused", async () => {
      const { accounts, registry } = await loadFixture(deployed);
      const other = await ethers.deployContract("PassportRegistry", [0, accounts.admin.address]);
      const foreign = await ethers.deployContract("DigitalPassportFactory", [await other.getAddress()]);
      await expect(registry.listFactory(foreign))
        .to.be.revertedWithCustomError(registry, "PassportRegistryFactoryForeign")
        .withArgs(await foreign.getAddress(), await other.getAddress(), await foreign.implementation());
    });

    it("account without code, is refused", async () => {
      const { accounts, registry } = await loadFixture(deployed);
      await expect(registry.listFactory(accounts.stranger))
        .to.be.revertedWithCustomError(registry, "PassportRegistryFactoryForeign")
        .withArgs(accounts.stranger.address, ethers.ZeroAddress, ethers.ZeroAddress);
    });

    it("unlisted factory, has no code hash", async () => {
      const { accounts, registry } = await loadFixture(deployed);
      expect(await registry.implementationCodeHashOf(accounts.stranger)).to.equal(ethers.ZeroHash);
    });

    it("everything that changes the registry's state, takes nothing off a list and rewrites nothing", async () => {
      const { registry } = await loadFixture(deployed);
      const changing = registry.interface.fragments
        .filter((fragment) => fragment.type === "function" && fragment.format("full").match(/ view| pure/) === null)
        .map((fragment) => fragment.format("sighash").replace(/\(.*/, ""));
      expect(changing).to.have.members([
        "admitManager",
        "admitManufacturer",
        "listFactory",
        "registerPassport",
        "resumeIssuing",
        "suspendIssuing",
        // Of OpenZeppelin: who holds the roles.
        "acceptDefaultAdminTransfer",
        "beginDefaultAdminTransfer",
        "cancelDefaultAdminTransfer",
        "changeDefaultAdminDelay",
        "grantRole",
        "renounceRole",
        "revokeRole",
        "rollbackDefaultAdminDelay",
      ]);
    });
  });

  describe("registerPassport", () => {
    it("anybody but a listed factory, the administrator and the manager included, is refused", async () => {
      const { accounts, manager, registry } = await loadFixture(deployed);
      const unlisted = await ethers.deployContract("DigitalPassportFactory", [await registry.getAddress()]);
      const asManager = await ethers.getImpersonatedSigner(await manager.getAddress());
      const asUnlisted = await ethers.getImpersonatedSigner(await unlisted.getAddress());
      for (const caller of [accounts.admin, accounts.issuer, asManager, asUnlisted]) {
        await networkHelpers.setBalance(caller.address, ethers.parseEther("1"));
        await expect(registry.connect(caller).registerPassport(accounts.stranger, manager, productIdOf(1)))
          .to.be.revertedWithCustomError(registry, "PassportRegistryFactoryNotListed")
          .withArgs(caller.address);
      }
    });

    it("manager that is not admitted, by itself or for the stranger who calls the factory, is refused", async () => {
      const { accounts, factory, next, registry } = await loadFixture(deployed);
      await expect(next.connect(accounts.issuer).issue(productIdOf(1), accounts.owner, DOCUMENT))
        .to.be.revertedWithCustomError(registry, "PassportRegistryManagerNotAdmitted")
        .withArgs(await next.getAddress());
      await expect(factory.connect(accounts.stranger).createPassport(productIdOf(1), accounts.stranger, DOCUMENT))
        .to.be.revertedWithCustomError(registry, "PassportRegistryManagerNotAdmitted")
        .withArgs(accounts.stranger.address);
    });
  });

  describe("suspendIssuing and resumeIssuing", () => {
    it("guardian suspends, administrator resumes, each with an event; twice changes nothing", async () => {
      const { accounts, manager, registry } = await loadFixture(deployed);
      const address = await manager.getAddress();
      for (const _ of ["once", "twice"]) {
        await expect(registry.connect(accounts.guardian).suspendIssuing(manager))
          .to.emit(registry, "IssuingSuspended")
          .withArgs(address, accounts.guardian.address);
        expect((await registry.admissionOf(manager)).suspended).to.equal(true);
      }
      await expect(registry.resumeIssuing(manager)).to.emit(registry, "IssuingResumed").withArgs(address);
      const { manufacturerId, namespaceLength, suspended } = await registry.admissionOf(manager);
      expect([manufacturerId, namespaceLength, suspended]).to.deep.equal([1n, 23n, false]);
    });

    it("one manager of a manufacturer, does not touch the other", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager, next, registry } = suite;
      await registry.admitManager(1, next);
      await registry.connect(accounts.guardian).suspendIssuing(next);
      await issuePassport(suite, { productId: productIdOf(901) });
      expect((await registry.admissionOf(manager)).suspended).to.equal(false);
      await expect(next.connect(accounts.issuer).issue(productIdOf(902), accounts.owner, DOCUMENT))
        .to.be.revertedWithCustomError(registry, "PassportRegistryIssuingSuspended")
        .withArgs(await next.getAddress());
    });

    it("manager that is not admitted, is refused both ways", async () => {
      const { accounts, next, registry } = await loadFixture(deployed);
      for (const change of [
        () => registry.connect(accounts.guardian).suspendIssuing(next),
        () => registry.resumeIssuing(next),
      ]) {
        await expect(change())
          .to.be.revertedWithCustomError(registry, "PassportRegistryManagerNotAdmitted")
          .withArgs(await next.getAddress());
      }
    });
  });

  describe("who may", () => {
    it("each role, is the hash of its name, as explorers and the SDK compute it", async () => {
      const { registry } = await loadFixture(deployed);
      for (const name of ["ADMISSION_ROLE", "LISTING_ROLE", "GUARDIAN_ROLE"] as const) {
        expect(await registry[name]()).to.equal(ethers.id(name));
      }
    });

    it("each function, without its role, is refused to everybody, other roles' holders included", async () => {
      const { accounts, factory, manager, next, registry } = await loadFixture(deployed);
      const [admission, listing, guardian] = await Promise.all([
        registry.ADMISSION_ROLE(),
        registry.LISTING_ROLE(),
        registry.GUARDIAN_ROLE(),
      ]);
      await registry.grantRole(admission, accounts.manufacturer);
      await registry.grantRole(listing, accounts.certifier);
      const { certifier: lister, guardian: watcher, manufacturer: admitter, stranger } = accounts;
      for (const [account, role, call] of [
        [stranger, admission, "admitManufacturer"],
        [watcher, admission, "admitManufacturer"],
        [lister, admission, "admitManager"],
        [watcher, admission, "resumeIssuing"],
        [lister, admission, "resumeIssuing"],
        [admitter, listing, "listFactory"],
        [watcher, listing, "listFactory"],
        [accounts.admin, guardian, "suspendIssuing"],
        [admitter, guardian, "suspendIssuing"],
        [lister, guardian, "suspendIssuing"],
      ] as const) {
        const calling = {
          admitManufacturer: () => registry.connect(account).admitManufacturer("https://id.weg.net/", next),
          admitManager: () => registry.connect(account).admitManager(1, next),
          resumeIssuing: () => registry.connect(account).resumeIssuing(manager),
          listFactory: () => registry.connect(account).listFactory(factory),
          suspendIssuing: () => registry.connect(account).suspendIssuing(manager),
        };
        await expect(calling[call](), `${call} by ${account.address}`)
          .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, role);
      }
      await registry.connect(admitter).admitManufacturer("https://id.weg.net/", next);
    });

    it("role taken away, ends what its holder may", async () => {
      const { accounts, manager, registry } = await loadFixture(deployed);
      const guardian = await registry.GUARDIAN_ROLE();
      await registry.revokeRole(guardian, accounts.guardian);
      await expect(registry.connect(accounts.guardian).suspendIssuing(manager))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(accounts.guardian.address, guardian);
    });

    it("administrator, changes in two steps and only after the delay", async () => {
      const { accounts, registry } = await loadFixture(deployed);
      const delay = await registry.defaultAdminDelay();
      expect(delay).to.equal(3n * 24n * 3_600n);
      await expect(
        registry.grantRole(await registry.DEFAULT_ADMIN_ROLE(), accounts.buyer),
      ).to.be.revertedWithCustomError(registry, "AccessControlEnforcedDefaultAdminRules");

      await registry.beginDefaultAdminTransfer(accounts.buyer);
      const schedule = BigInt(await time.latest()) + delay;
      await time.setNextBlockTimestamp(schedule);
      await expect(registry.connect(accounts.buyer).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(registry, "AccessControlEnforcedDefaultAdminDelay")
        .withArgs(schedule);
      await expect(registry.connect(accounts.stranger).acceptDefaultAdminTransfer())
        .to.be.revertedWithCustomError(registry, "AccessControlInvalidDefaultAdmin")
        .withArgs(accounts.stranger.address);
      await time.increaseTo(schedule + 1n);
      await registry.connect(accounts.buyer).acceptDefaultAdminTransfer();
      expect(await registry.defaultAdmin()).to.equal(accounts.buyer.address);
      await expect(registry.grantRole(await registry.GUARDIAN_ROLE(), accounts.stranger))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(accounts.admin.address, await registry.DEFAULT_ADMIN_ROLE());
    });
  });

  describe("isPassport", () => {
    it("passport, is one; everything else is none", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, factory, implementation, manager, registry } = suite;
      const passport = await issuePassport(suite, { productId: productIdOf(901) });
      expect(await registry.isPassport(passport)).to.equal(true);
      const predicted = await factory.predictPassport(manager, productIdOf(902));
      for (const other of [
        accounts.stranger.address,
        ethers.ZeroAddress,
        ethers.toBeHex(2, 20),
        ethers.toBeHex(4, 20),
        predicted,
        await implementation.getAddress(),
        await manager.getAddress(),
        await registry.getAddress(),
      ]) {
        expect(await registry.isPassport(other), other).to.equal(false);
      }
    });

    it("contract that names the product of another passport, or nonsense, is none", async () => {
      const suite = await loadFixture(deployed);
      const passport = await issuePassport(suite, { productId: productIdOf(901) });
      const impostor = await ethers.deployContract("HostileContract");
      const productKey = await passport.productKey();
      for (const answer of [productKey, ethers.concat([productKey, productKey]), "0x", ethers.ZeroHash, "0x01"]) {
        await impostor.answerWith(answer);
        expect(await suite.registry.isPassport(impostor), answer).to.equal(false);
      }
      await impostor.revertWith("0x");
      expect(await suite.registry.isPassport(impostor)).to.equal(false);
    });

    it("clone of the implementation that somebody else deployed for the same product, is none", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager, registry } = suite;
      const passport = await issuePassport(suite, { productId: productIdOf(901) });
      const code = await ethers.provider.getCode(passport);
      // The same code at another address: a deployer that returns what follows it.
      const size = ethers.toBeHex((code.length - 2) / 2, 2).slice(2);
      const deployment = await accounts.stranger.sendTransaction({
        data: `0x61${size}80600a3d393df3${code.slice(2)}`,
      });
      const copy = (await deployment.wait())?.contractAddress ?? ethers.ZeroAddress;
      expect(await ethers.provider.getCode(copy)).to.equal(code);
      expect(await (await ethers.getContractAt("DigitalPassport", copy)).productId()).to.equal(productIdOf(901));
      expect(await registry.isPassport(copy)).to.equal(false);
      await expect(manager.grantFor(copy, accounts.gateway, 1n << 9n, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerPassportForeign")
        .withArgs(copy);
    });
  });

  it("getters, of what does not exist, answer zeros", async () => {
    const { accounts, registry } = await loadFixture(deployed);
    expect(await registry.passportOf(ethers.id("https://id.weg.example/none"))).to.equal(ethers.ZeroAddress);
    expect(await registry.passportOfProduct("https://id.weg.example/none")).to.equal(ethers.ZeroAddress);
    expect(await registry.namespaceOf(0)).to.equal("");
    expect(await registry.namespaceOf(2)).to.equal("");
    expect([...(await registry.admissionOf(accounts.stranger))]).to.deep.equal([
      0n,
      0n,
      false,
      ethers.zeroPadValue("0x", 24),
    ]);
  });
});
