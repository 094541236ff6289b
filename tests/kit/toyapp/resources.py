from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section

FIELDS = ("name", "state", "maker", "bought", "price", "safe")
RESOURCES = (
    Resource(
        name="toyapp.toy", model="toyapp.Toy", singular="toy", plural="toys", path="toys", nav="play",
        selector="tests.kit.toyapp.selectors.toys", view_permission="toy.view",
        columns=(
            Column("name", sort="name_lower"), Column("state"), Column("maker"), Column("bought"), Column("safe"),
            Column("made_by", "Made by", needs=("maker",)), Column("price", total=True), Column("created_at", "Added"),
        ),
        search=("name_lower",), search_hint="name", default_sort="name",
        filters=(Filter("state"), Filter("maker"), Filter("bought"), Filter("safe"), Filter("created_at", "Added")),
        views=(
            SavedView(slug="unsound", label="Needs care", narrow="tests.kit.toyapp.selectors.unsound", done="No toy needs care."),
            SavedView(slug="broken", label="Broken", where={"state": "broken"}),
        ),
        status="state", subtitle=(Column("made_by", needs=("maker",)),), facts=(Column("price"),),
        sections=(Section("Toy", ("name", "maker", "bought", "safe")), Section("Secrets", ("secret",), "toy.secret")),
        form=FormSpec(fields=FIELDS), create="tests.kit.toyapp.services.add", create_permission="toy.add",
        update="tests.kit.toyapp.services.change", update_permission="toy.change",
        actions=(
            Action(
                name="break", label="Break", service="tests.kit.toyapp.services.break_it", permission="toy.break",
                when="can_break", reason=True, danger=True, consequence="It cannot be played with again.", keyed=True,
            ),
            Action(name="mend", label="Mend", service="tests.kit.toyapp.services.mend", permission="toy.change", done="Mended"),
        ),
        empty="Everything to play with.", phi=True,
    ),
    Resource(
        name="toyapp.maker", model="toyapp.Maker", singular="maker", plural="makers", path="makers", nav="play",
        selector="tests.kit.toyapp.selectors.makers", view_permission="maker.view", columns=(Column("name"),),
        default_sort="name", sections=(Section("Maker", ("name",)),),
        children=(Child("toyapp.toy", "maker", "Their toys"),),
        form=FormSpec(fields=("name",)), create="tests.kit.toyapp.services.add_maker", create_permission="maker.add",
    ),
)
